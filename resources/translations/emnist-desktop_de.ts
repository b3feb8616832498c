<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name></name>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Right and wrong</source>
        <translation>Richtig und falsch</translation>
    </message>
    <message>
        <source>of {0} samples of {1} classes</source>
        <translation>von {0} Beispielen aus {1} Klassen</translation>
    </message>
    <message>
        <source>Among the first three</source>
        <translation>Unter den ersten drei</translation>
    </message>
    <message>
        <source>The true class is one of the three likeliest answers.</source>
        <translation>Die wahre Klasse ist eine der drei wahrscheinlichsten Antworten.</translation>
    </message>
    <message>
        <source>Forgiving look-alikes</source>
        <translation>Nachsichtig bei Doppelgängern</translation>
    </message>
    <message>
        <source>Macro F1</source>
        <translation>Makro-F1</translation>
    </message>
    <message>
        <source>Every class counts the same. Precision {0}, recall {1}.</source>
        <translation>Jede Klasse zählt gleich viel. Genauigkeit der Treffer {0}, Trefferquote {1}.</translation>
    </message>
    <message>
        <source>Calibration error</source>
        <translation>Kalibrierungsfehler</translation>
    </message>
    <message>
        <source>How far its confidence is from the truth, on average.</source>
        <translation>Wie weit die Sicherheit im Mittel von der Wahrheit entfernt ist.</translation>
    </message>
    <message>
        <source>Without the least sure 10 %</source>
        <translation>Ohne die unsichersten 10 %</translation>
    </message>
    <message>
        <source>if it asked a person below a confidence of {0}.</source>
        <translation>wenn es unter einer Sicherheit von {0} einen Menschen fragte.</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>The true class</source>
        <translation>Die wahre Klasse</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>How many samples of the class there are: its support</source>
        <translation>Wie viele Beispiele die Klasse hat (support)</translation>
    </message>
    <message>
        <source>Share of the samples of the class that were read right</source>
        <translation>Anteil der Beispiele der Klasse, die richtig gelesen wurden</translation>
    </message>
    <message>
        <source>Read as</source>
        <translation>Gelesen als</translation>
    </message>
    <message>
        <source>The class that it is most often mistaken for, and how often</source>
        <translation>Die Klasse, mit der sie am häufigsten verwechselt wird, und wie oft</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Präzision</translation>
    </message>
    <message>
        <source>Share of what was read as the class that is of the class</source>
        <translation>Anteil der als diese Klasse gelesenen Beispiele, die ihr angehören</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>Trefferquote</translation>
    </message>
    <message>
        <source>Share of the class that was found: the same as its accuracy</source>
        <translation>Anteil der Klasse, der gefunden wurde: dasselbe wie ihre Genauigkeit</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>Harmonic mean of precision and recall</source>
        <translation>Harmonisches Mittel aus Präzision und Trefferquote</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Verschiebung</translation>
    </message>
    <message>
        <source>Pixels to each side, at most.</source>
        <translation>Pixel nach jeder Seite, höchstens.</translation>
    </message>
    <message>
        <source>Rotation</source>
        <translation>Drehung</translation>
    </message>
    <message>
        <source>Either way, at most.</source>
        <translation>In beide Richtungen, höchstens.</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Larger and smaller, part of the size.</source>
        <translation>Größer und kleiner, als Teil der Größe.</translation>
    </message>
    <message>
        <source>Slant</source>
        <translation>Neigung</translation>
    </message>
    <message>
        <source>Sideways for each unit of height.</source>
        <translation>Seitwärts je Einheit der Höhe.</translation>
    </message>
    <message>
        <source>Bending</source>
        <translation>Biegung</translation>
    </message>
    <message>
        <source>How far pixels move, smoothly.</source>
        <translation>Wie weit sich Pixel sanft bewegen.</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>On each pixel, as a part of full ink.</source>
        <translation>Auf jedem Pixel, als Teil der vollen Tinte.</translation>
    </message>
    <message>
        <source>Either way; two drawings of three stay below.</source>
        <translation>In beide Richtungen; zwei von drei Zeichnungen bleiben darunter.</translation>
    </message>
    <message>
        <source>Proportions</source>
        <translation>Proportionen</translation>
    </message>
    <message>
        <source>Narrower and wider, as a part.</source>
        <translation>Schmaler und breiter, als Teil.</translation>
    </message>
    <message>
        <source>Smaller, and a little larger, as a part of the size.</source>
        <translation>Kleiner und ein wenig größer, als Teil der Größe.</translation>
    </message>
    <message>
        <source>Pixels to each side; two of three stay below.</source>
        <translation>Pixel nach jeder Seite; zwei von drei bleiben darunter.</translation>
    </message>
    <message>
        <source>How far the strokes are bent, part of half the size.</source>
        <translation>Wie weit die Striche gebogen werden, als Teil der halben Größe.</translation>
    </message>
    <message>
        <source>Stroke shift</source>
        <translation>Strichversatz</translation>
    </message>
    <message>
        <source>How far strokes move against one another, part of half the size.</source>
        <translation>Wie weit sich Striche gegeneinander bewegen, als Teil der halben Größe.</translation>
    </message>
    <message>
        <source>Tremor</source>
        <translation>Zittern</translation>
    </message>
    <message>
        <source>How far points tremble, in one drawing of three.</source>
        <translation>Wie weit Punkte zittern, in einer von drei Zeichnungen.</translation>
    </message>
    <message>
        <source>Coarse</source>
        <translation>Grob</translation>
    </message>
    <message>
        <source>Share of drawings that keep only some of their points.</source>
        <translation>Anteil der Zeichnungen, die nur einige ihrer Punkte behalten.</translation>
    </message>
    <message>
        <source>Thinnest pen</source>
        <translation>Dünnster Stift</translation>
    </message>
    <message>
        <source>As a part of the usual width.</source>
        <translation>Als Teil der üblichen Breite.</translation>
    </message>
    <message>
        <source>Thickest pen</source>
        <translation>Dickster Stift</translation>
    </message>
    <message>
        <source>As a multiple of the usual width.</source>
        <translation>Als Vielfaches der üblichen Breite.</translation>
    </message>
    <message>
        <source>Softness</source>
        <translation>Weichheit</translation>
    </message>
    <message>
        <source>How much softer edges become, at most, as a part.</source>
        <translation>Wie viel weicher Ränder höchstens werden, als Teil.</translation>
    </message>
    <message>
        <source>A run is under way</source>
        <translation>Ein Training läuft</translation>
    </message>
    <message>
        <source>Shall the training go on when the window is closed?</source>
        <translation>Soll das Training weitergehen, wenn das Fenster geschlossen wird?</translation>
    </message>
    <message>
        <source>A window that is opened later finds the run and can steer it.</source>
        <translation>Ein später geöffnetes Fenster findet den Lauf und kann ihn steuern.</translation>
    </message>
    <message>
        <source>Let it run on</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Pause it</source>
        <translation>Anhalten</translation>
    </message>
</context>
<context>
    <name>AnswerList</name>
    <message>
        <source>What the recogniser says</source>
        <translation>Was der Erkenner sagt</translation>
    </message>
</context>
<context>
    <name>AtlasView</name>
    <message>
        <source>PCA</source>
        <translation>PCA</translation>
    </message>
    <message>
        <source>The two directions of most variance</source>
        <translation>Die zwei Richtungen der größten Streuung</translation>
    </message>
    <message>
        <source>t-SNE</source>
        <translation>t-SNE</translation>
    </message>
    <message>
        <source>Neighbours stay neighbours; takes some seconds</source>
        <translation>Nachbarn bleiben Nachbarn; dauert einige Sekunden</translation>
    </message>
    <message>
        <source>Whole map</source>
        <translation>Ganze Karte</translation>
    </message>
    <message>
        <source>Zoom out again (double click, or Home)</source>
        <translation>Wieder verkleinern (Doppelklick oder Pos1)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>End the work on this map; the others stay</source>
        <translation>Die Arbeit an dieser Karte beenden; die anderen bleiben</translation>
    </message>
    <message>
        <source>Choose a dataset on the left: its samples are laid out here.</source>
        <translation>Wähle links einen Datensatz: seine Beispiele werden hier ausgelegt.</translation>
    </message>
    <message>
        <source>Asking the model</source>
        <translation>Das Modell wird gefragt</translation>
    </message>
    <message>
        <source>Laying out</source>
        <translation>Wird ausgelegt</translation>
    </message>
    <message>
        <source>{0}: %p %</source>
        <translation>{0}: %p %</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>So many samples, chosen at random</source>
        <translation>So viele zufällig gewählte Beispiele</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>Of t-SNE: about how many neighbours each sample is to keep</source>
        <translation>Von t-SNE: etwa so viele Nachbarn soll jedes Beispiel behalten</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Make all classes but one faint</source>
        <translation>Alle Klassen außer einer verblassen lassen</translation>
    </message>
    <message>
        <source>Progress of the map</source>
        <translation>Fortschritt der Karte</translation>
    </message>
    <message>
        <source>by their pixels, since a classic model has no layers</source>
        <translation>nach ihren Pixeln, da ein klassisches Modell keine Schichten hat</translation>
    </message>
    <message>
        <source>by what the last layer takes</source>
        <translation>nach dem, was die letzte Schicht aufnimmt</translation>
    </message>
    <message>
        <source>{0} samples {1}. The two directions hold {2:.0%} of the variance.</source>
        <translation>{0} Beispiele {1}. Die zwei Richtungen enthalten {2:.0%} der Streuung.</translation>
    </message>
    <message>
        <source>{0} samples {1}. Your picture stands among those that are most like it.</source>
        <translation>{0} Beispiele {1}. Dein Bild steht bei denen, die ihm am ähnlichsten sind.</translation>
    </message>
    <message>
        <source>all classes</source>
        <translation>alle Klassen</translation>
    </message>
</context>
<context>
    <name>Augmentation</name>
    <message>
        <source>How much drawings vary</source>
        <translation>Wie stark Zeichnungen variieren</translation>
    </message>
    <message>
        <source>How much images vary</source>
        <translation>Wie stark Bilder variieren</translation>
    </message>
</context>
<context>
    <name>AugmentationPreview</name>
    <message>
        <source>New draw</source>
        <translation>Neu ziehen</translation>
    </message>
    <message>
        <source>Draw other variants with the same settings</source>
        <translation>Andere Varianten mit denselben Einstellungen zeichnen</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Put all settings back to what a training begins with</source>
        <translation>Alle Einstellungen auf den Anfangswert eines Trainings setzen</translation>
    </message>
    <message>
        <source>Bend the strokes</source>
        <translation>Striche biegen</translation>
    </message>
    <message>
        <source>Vary the drawn strokes and render them anew, instead of warping the image</source>
        <translation>Die gezeichneten Striche variieren und neu zeichnen, statt das Bild zu verzerren</translation>
    </message>
    <message>
        <source>Click an original to see the sample</source>
        <translation>Ein Klick auf ein Original zeigt das Beispiel</translation>
    </message>
    <message>
        <source>Left the sample, right {0} variants as a training would see them.</source>
        <translation>Links das Beispiel, rechts {0} Varianten, wie ein Training sie sähe.</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Verschiebung</translation>
    </message>
    <message>
        <source>Rotation</source>
        <translation>Drehung</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Shear</source>
        <translation>Scherung</translation>
    </message>
    <message>
        <source>Elastic</source>
        <translation>Elastisch</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>Pen width</source>
        <translation>Stiftbreite</translation>
    </message>
</context>
<context>
    <name>AugmentationStrip</name>
    <message>
        <source>New draw</source>
        <translation>Neu ziehen</translation>
    </message>
    <message>
        <source>Draw other variants with the same settings</source>
        <translation>Andere Varianten mit denselben Einstellungen zeichnen</translation>
    </message>
    <message>
        <source>Left samples, right as the network will see them</source>
        <translation>Links Beispiele, rechts, wie das Netz sie sehen wird</translation>
    </message>
    <message>
        <source>These drawings stay as they are: switch Vary drawings on</source>
        <translation>Diese Zeichnungen bleiben, wie sie sind: „Zeichnungen variieren“ einschalten</translation>
    </message>
    <message>
        <source>These images stay as they are: switch Vary images on</source>
        <translation>Diese Bilder bleiben, wie sie sind: „Bilder variieren“ einschalten</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss the notice</source>
        <translation>Hinweis schließen</translation>
    </message>
</context>
<context>
    <name>BarChart</name>
    <message>
        <source>Samples of each class</source>
        <translation>Beispiele je Klasse</translation>
    </message>
    <message>
        <source>{0}: {1}. Click to see them in the grid.</source>
        <translation>{0}: {1}. Ein Klick zeigt sie im Raster.</translation>
    </message>
</context>
<context>
    <name>BaseSettings</name>
    <message>
        <source>The model that is trained again and again</source>
        <translation>Das Modell, das immer wieder trainiert wird</translation>
    </message>
    <message>
        <source>What it learns from; test data are never touched</source>
        <translation>Woraus es lernt; Testdaten werden nie berührt</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Train on so many samples, chosen at random; fewer find an answer sooner</source>
        <translation>Mit so vielen zufällig gewählten Beispielen trainieren; weniger finden schneller eine Antwort</translation>
    </message>
    <message>
        <source>There is no dataset to learn from.</source>
        <translation>Es gibt keinen Datensatz, aus dem gelernt werden könnte.</translation>
    </message>
    <message>
        <source>Fetch one in the Datasets tab, or make the starter set there.</source>
        <translation>Hole einen unter Datensätze, oder erzeuge dort den Startsatz.</translation>
    </message>
    <message>
        <source>All other settings are those of the chosen run.</source>
        <translation>Alle anderen Einstellungen sind die des gewählten Laufs.</translation>
    </message>
    <message>
        <source>All other settings are the usual ones of the model.</source>
        <translation>Alle anderen Einstellungen sind die üblichen des Modells.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
</context>
<context>
    <name>BoxedPicture</name>
    <message>
        <source>Picture with the characters found</source>
        <translation>Bild mit den gefundenen Zeichen</translation>
    </message>
    <message>
        <source>Click a box, or use the arrow keys, to see its candidates</source>
        <translation>Ein Klick auf einen Kasten oder die Pfeiltasten zeigen seine Kandidaten</translation>
    </message>
</context>
<context>
    <name>Browser</name>
    <message>
        <source>Opening {0}…</source>
        <translation>{0} wird geöffnet …</translation>
    </message>
    <message>
        <source>{0} is open</source>
        <translation>{0} ist geöffnet</translation>
    </message>
    <message>
        <source>This did not work: {0}</source>
        <translation>Das ging nicht: {0}</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} · {2}</source>
        <translation>{0:,} von {1:,} · {2}</translation>
    </message>
    <message>
        <source>Measuring how typical each sample is: {0:.0%}</source>
        <translation>Messen, wie typisch jedes Beispiel ist: {0:.0%}</translation>
    </message>
    <message>
        <source>Expected a number from 0 to {0:,}. Received: {1:,}.</source>
        <translation>Erwartet: eine Zahl von 0 bis {0:,}. Erhalten: {1:,}.</translation>
    </message>
    <message>
        <source>It was filtered out: all samples are shown</source>
        <translation>Es war herausgefiltert: alle Beispiele werden gezeigt</translation>
    </message>
    <message>
        <source>Exported to {0}</source>
        <translation>Nach {0} exportiert</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>Beispiel</translation>
    </message>
    <message>
        <source>Understand</source>
        <translation>Verstehen</translation>
    </message>
    <message>
        <source>Ctrl+F</source>
        <translation>Ctrl+F</translation>
    </message>
</context>
<context>
    <name>CandidateRow</name>
    <message>
        <source>Click to copy</source>
        <translation>Klicken zum Kopieren</translation>
    </message>
    <message>
        <source>No candidate</source>
        <translation>Kein Kandidat</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
</context>
<context>
    <name>CandidatesView</name>
    <message>
        <source>not sure: {0} or {1}</source>
        <translation>nicht sicher: {0} oder {1}</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Drawing canvas</source>
        <translation>Zeichenfläche</translation>
    </message>
    <message>
        <source>Draw one character with mouse, finger or pen.</source>
        <translation>Zeichne ein Zeichen mit Maus, Finger oder Stift.</translation>
    </message>
    <message>
        <source>Draw a letter or a digit here</source>
        <translation>Zeichne hier einen Buchstaben oder eine Ziffer</translation>
    </message>
    <message>
        <source>or drop, paste or open a picture of handwriting</source>
        <translation>oder öffne ein Bild mit Handschrift: ablegen, einfügen, öffnen</translation>
    </message>
</context>
<context>
    <name>CatalogPanel</name>
    <message>
        <source>Wait for the dataset under way, or cancel it</source>
        <translation>Auf den laufenden Datensatz warten oder ihn abbrechen</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Beginnt …</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>Retry ({0})</source>
        <translation>Noch einmal ({0})</translation>
    </message>
    <message>
        <source>Fetch ({0})</source>
        <translation>Holen ({0})</translation>
    </message>
    <message>
        <source>This did not work: {0}</source>
        <translation>Das ging nicht: {0}</translation>
    </message>
    <message>
        <source>Cancelled; what has arrived is kept for the next time</source>
        <translation>Abgebrochen; was angekommen ist, bleibt fürs nächste Mal</translation>
    </message>
    <message>
        <source>Remove dataset</source>
        <translation>Datensatz entfernen</translation>
    </message>
    <message>
        <source>Remove {0} from this computer?</source>
        <translation>{0} von diesem Rechner entfernen?</translation>
    </message>
    <message>
        <source>It can be had again at any time.</source>
        <translation>Er lässt sich jederzeit wieder holen.</translation>
    </message>
    <message>
        <source>To have it again, it must be imported again.</source>
        <translation>Um ihn wieder zu haben, muss er neu importiert werden.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>{0} was removed</source>
        <translation>{0} wurde entfernt</translation>
    </message>
    <message>
        <source>Datasets</source>
        <translation>Datensätze</translation>
    </message>
    <message>
        <source>Look at it</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Train on it</source>
        <translation>Damit trainieren</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Terms…</source>
        <translation>Bedingungen …</translation>
    </message>
    <message>
        <source>Terms of use, and whom to cite</source>
        <translation>Nutzungsbedingungen, und wen man zitiert</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Import a file or folder; or drop it on this tab</source>
        <translation>Eine Datei oder einen Ordner importieren; oder hier ablegen</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei …</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner …</translation>
    </message>
    <message>
        <source>How far it is</source>
        <translation>Wie weit es ist</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>CellOpening</name>
    <message>
        <source>{0} has changed since this run: its images are others.</source>
        <translation>{0} hat sich seit diesem Lauf geändert: seine Bilder sind andere.</translation>
    </message>
    <message>
        <source>Put the old data back to see what was misread.</source>
        <translation>Stelle die alten Daten wieder her, um zu sehen, was falsch gelesen wurde.</translation>
    </message>
</context>
<context>
    <name>ClassDistribution</name>
    <message>
        <source>By class</source>
        <translation>Nach Klasse</translation>
    </message>
    <message>
        <source>Most first</source>
        <translation>Häufigste zuerst</translation>
    </message>
    <message>
        <source>Fewest first</source>
        <translation>Seltenste zuerst</translation>
    </message>
    <message>
        <source>Order of the classes</source>
        <translation>Reihenfolge der Klassen</translation>
    </message>
    <message>
        <source>There are no samples here.</source>
        <translation>Hier gibt es keine Beispiele.</translation>
    </message>
    <message>
        <source>All samples are of one class: “{0}”.</source>
        <translation>Alle Beispiele sind aus einer Klasse: „{0}“.</translation>
    </message>
    <message>
        <source>The classes are even: none has much more than another.</source>
        <translation>Die Klassen sind ausgewogen: keine hat viel mehr als eine andere.</translation>
    </message>
    <message>
        <source>The classes are nearly even: “{0}” has {1:.1f} times as many samples as “{2}”.</source>
        <translation>Die Klassen sind fast ausgewogen: „{0}“ hat {1:.1f}-mal so viele Beispiele wie „{2}“.</translation>
    </message>
    <message>
        <source>“{0}” has {1:.1f} times as many samples as “{2}”: a network that is trained on them will guess “{0}” too readily.</source>
        <translation>„{0}“ hat {1:.1f}-mal so viele Beispiele wie „{2}“: ein damit trainiertes Netz rät zu leicht „{0}“.</translation>
    </message>
    <message>
        <source>{0} of {1} classes have none.</source>
        <translation>{0} von {1} Klassen haben keine.</translation>
    </message>
    <message>
        <source>Class {0}</source>
        <translation>Klasse {0}</translation>
    </message>
</context>
<context>
    <name>ClassMeans</name>
    <message>
        <source>Mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>Standardabweichung</translation>
    </message>
    <message>
        <source>Which picture of each class</source>
        <translation>Welches Bild jeder Klasse</translation>
    </message>
    <message>
        <source>Mean images of the classes</source>
        <translation>Mittlere Bilder der Klassen</translation>
    </message>
    <message>
        <source>What all samples of a class have in common; blurred where they differ.</source>
        <translation>Was allen Beispielen einer Klasse gemeinsam ist; unscharf, wo sie sich unterscheiden.</translation>
    </message>
    <message>
        <source>Bright where the samples of a class differ most: the ways to write it.</source>
        <translation>Hell, wo sich die Beispiele einer Klasse am meisten unterscheiden: ihre Schreibweisen.</translation>
    </message>
    <message>
        <source>{0}: {1:,} samples. Click to see them in the grid.</source>
        <translation>{0}: {1:,} Beispiele. Ein Klick zeigt sie im Raster.</translation>
    </message>
    <message>
        <source>Class {0}</source>
        <translation>Klasse {0}</translation>
    </message>
</context>
<context>
    <name>ClassPicker</name>
    <message>
        <source>Characters to show</source>
        <translation>Gezeigte Zeichen</translation>
    </message>
    <message>
        <source>{0}: {1:,} samples</source>
        <translation>{0}: {1:,} Beispiele</translation>
    </message>
    <message>
        <source>Shown: {0}</source>
        <translation>Gezeigt: {0}</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
</context>
<context>
    <name>ClassTable</name>
    <message>
        <source>Figures of each class</source>
        <translation>Zahlen zu jeder Klasse</translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>The trainer cannot be started: {0}.</source>
        <translation>Der Trainer lässt sich nicht starten: {0}.</translation>
    </message>
    <message>
        <source>The trainer ended unexpectedly.</source>
        <translation>Der Trainer endete unerwartet.</translation>
    </message>
    <message>
        <source>The log says more: Help, Open log folder.</source>
        <translation>Das Protokoll sagt mehr: Hilfe, Protokollordner öffnen.</translation>
    </message>
</context>
<context>
    <name>Compare</name>
    <message>
        <source>{0} on {1}, {2} runs, seeds {3}: {4:.2f} ± {5:.2f} % validation</source>
        <translation>{0} auf {1}, {2} Läufe, Startwerte {3}: {4:.2f} ± {5:.2f} % Validierung</translation>
    </message>
    <message>
        <source>, {0:.2f} ± {1:.2f} % test</source>
        <translation>, {0:.2f} ± {1:.2f} % Test</translation>
    </message>
</context>
<context>
    <name>ComparePage</name>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Course projects</source>
        <translation>Kursprojekte</translation>
    </message>
    <message>
        <source>Your runs beside one another</source>
        <translation>Deine Läufe nebeneinander</translation>
    </message>
    <message>
        <source>Repeat what others have found, and compare</source>
        <translation>Wiederholen, was andere gefunden haben, und vergleichen</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Curves of the runs, and accuracy against time</source>
        <translation>Kurven der Läufe und Genauigkeit über der Zeit</translation>
    </message>
    <message>
        <source>Settings that differ</source>
        <translation>Unterschiedliche Einstellungen</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>validation accuracy, %</source>
        <translation>Validierungsgenauigkeit, %</translation>
    </message>
    <message>
        <source>training time, s</source>
        <translation>Trainingszeit, s</translation>
    </message>
    <message>
        <source>Validation accuracy (95 %)</source>
        <translation>Validierungsgenauigkeit (95 %)</translation>
    </message>
    <message>
        <source>Training time</source>
        <translation>Trainingszeit</translation>
    </message>
    <message>
        <source>Best epoch</source>
        <translation>Beste Epoche</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Different settings: {0}</source>
        <translation>Verschiedene Einstellungen: {0}</translation>
    </message>
    <message>
        <source>All settings are the same</source>
        <translation>Alle Einstellungen sind gleich</translation>
    </message>
</context>
<context>
    <name>ConfusionMatrix</name>
    <message>
        <source>Confusion matrix</source>
        <translation>Konfusionsmatrix</translation>
    </message>
    <message>
        <source>Rows are true classes, columns what was read. Arrow keys move, Enter opens.</source>
        <translation>Zeilen sind wahre Klassen, Spalten das Gelesene. Pfeiltasten bewegen, Eingabe öffnet.</translation>
    </message>
    <message>
        <source>{0} read right: {2} of {3}</source>
        <translation>{0} richtig gelesen: {2} von {3}</translation>
    </message>
    <message>
        <source>{0} taken for {1}: {2} of {3}</source>
        <translation>{0} für {1} gehalten: {2} von {3}</translation>
    </message>
    <message>
        <source>read as</source>
        <translation>gelesen als</translation>
    </message>
    <message>
        <source>true</source>
        <translation>wahr</translation>
    </message>
</context>
<context>
    <name>ConfusionView</name>
    <message>
        <source>The confusion matrix appears after the first epoch.</source>
        <translation>Die Konfusionsmatrix erscheint nach der ersten Epoche.</translation>
    </message>
    <message>
        <source>% of true</source>
        <translation>% der wahren</translation>
    </message>
    <message>
        <source>% of predicted</source>
        <translation>% der gelesenen</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>What the colours of the cells stand for</source>
        <translation>Wofür die Farben der Zellen stehen</translation>
    </message>
    <message>
        <source>Unit of the cells</source>
        <translation>Einheit der Zellen</translation>
    </message>
    <message>
        <source>By class</source>
        <translation>Nach Klasse</translation>
    </message>
    <message>
        <source>By confusion</source>
        <translation>Nach Verwechslung</translation>
    </message>
    <message>
        <source>Put classes that are taken for one another side by side, or leave their order</source>
        <translation>Verwechselte Klassen nebeneinanderstellen oder ihre Reihenfolge lassen</translation>
    </message>
    <message>
        <source>Order of the classes</source>
        <translation>Reihenfolge der Klassen</translation>
    </message>
    <message>
        <source>Go back through the epochs</source>
        <translation>Durch die Epochen zurückgehen</translation>
    </message>
    <message>
        <source>Epoch of the matrix</source>
        <translation>Epoche der Matrix</translation>
    </message>
    <message>
        <source>Cell under the mouse</source>
        <translation>Zelle unter der Maus</translation>
    </message>
    <message>
        <source>The most frequent errors; click one to see its images</source>
        <translation>Die häufigsten Fehler; ein Klick zeigt die Bilder</translation>
    </message>
    <message>
        <source>epoch {0} of {1}</source>
        <translation>Epoche {0} von {1}</translation>
    </message>
    <message>
        <source>No errors on the validation data.</source>
        <translation>Keine Fehler auf den Validierungsdaten.</translation>
    </message>
</context>
<context>
    <name>Copies</name>
    <message>
        <source>Greatest difference in grey levels</source>
        <translation>Größter Unterschied in Graustufen</translation>
    </message>
    <message>
        <source>How much two images may differ, in grey levels a pixel; 0 finds equal ones</source>
        <translation>Wie sehr sich zwei Bilder unterscheiden dürfen, in Graustufen je Pixel; 0 findet gleiche</translation>
    </message>
    <message>
        <source>Differ up to</source>
        <translation>Unterschied bis</translation>
    </message>
    <message>
        <source>Show in grid</source>
        <translation>Im Raster zeigen</translation>
    </message>
    <message>
        <source>Pairs of samples that are alike</source>
        <translation>Paare ähnlicher Beispiele</translation>
    </message>
    <message>
        <source>Show {0:,} samples of {1} that have a double</source>
        <translation>{0:,} Beispiele von {1} mit einem Doppel zeigen</translation>
    </message>
    <message>
        <source>A leak from training to test: {0:,} of {1:,} test samples. What is measured on them says nothing about new handwriting.</source>
        <translation>Ein Leck vom Training zum Test: {0:,} von {1:,} Testbeispielen. Was an ihnen gemessen wird, sagt nichts über neue Handschrift.</translation>
    </message>
    <message>
        <source>A possible leak: {0:,} of {1:,} test samples with a near double in the training data; look whether they are copies, or just simple shapes.</source>
        <translation>Ein mögliches Leck: {0:,} von {1:,} Testbeispielen haben ein fast gleiches im Training; sieh nach, ob es Kopien sind oder nur einfache Formen.</translation>
    </message>
    <message>
        <source>No two samples of the dataset are alike.</source>
        <translation>Keine zwei Beispiele des Datensatzes gleichen sich.</translation>
    </message>
    <message>
        <source>Exact copies in the whole dataset: {0:,}.</source>
        <translation>Exakte Kopien im ganzen Datensatz: {0:,}.</translation>
    </message>
    <message>
        <source>Nearly equal pairs: {0:,}.</source>
        <translation>Fast gleiche Paare: {0:,}.</translation>
    </message>
    <message>
        <source>Nearly equal pairs: more than {0:,}.</source>
        <translation>Fast gleiche Paare: mehr als {0:,}.</translation>
    </message>
    <message>
        <source>Pairs whose labels differ: {0:,}.</source>
        <translation>Paare mit verschiedenen Klassen: {0:,}.</translation>
    </message>
    <message>
        <source>The first {0} are below.</source>
        <translation>Die ersten {0} stehen unten.</translation>
    </message>
    <message>
        <source>{0} ({1}) and {2} ({3}), {4:.1f} grey levels apart. Click to see one.</source>
        <translation>{0} ({1}) und {2} ({3}), {4:.1f} Graustufen auseinander. Ein Klick zeigt eines.</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Kopien</translation>
    </message>
</context>
<context>
    <name>Costs</name>
    <message>
        <source>Accuracy against</source>
        <translation>Genauigkeit über</translation>
    </message>
    <message>
        <source>time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Accuracy against the time to train</source>
        <translation>Genauigkeit über der Trainingszeit</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Accuracy against the size of the model on disk</source>
        <translation>Genauigkeit über der Größe des Modells auf der Platte</translation>
    </message>
    <message>
        <source>size on disk</source>
        <translation>Größe auf der Platte</translation>
    </message>
    <message>
        <source>time to train</source>
        <translation>Trainingszeit</translation>
    </message>
</context>
<context>
    <name>CoverageChart</name>
    <message>
        <source>least sure set aside, %</source>
        <translation>Unsicherste beiseitegelegt, %</translation>
    </message>
    <message>
        <source>right of the rest, %</source>
        <translation>vom Rest richtig, %</translation>
    </message>
    <message>
        <source>Accuracy when the least sure are set aside</source>
        <translation>Genauigkeit, wenn die unsichersten beiseitegelegt werden</translation>
    </message>
    <message>
        <source>Without the least sure {0:.0f} %: {1} of the other {2} are right, each at least {3} sure</source>
        <translation>Ohne die unsichersten {0:.0f} %: {1} der anderen {2} sind richtig, jede mindestens {3} sicher</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong</source>
        <translation>Etwas ging schief</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
</context>
<context>
    <name>CrashReporter</name>
    <message>
        <source>An unexpected error has happened. Your drawing is still there and the program goes on. The report below helps to mend it.</source>
        <translation>Ein unerwarteter Fehler ist aufgetreten. Deine Zeichnung ist noch da, und das Programm läuft weiter. Der Bericht unten hilft, den Fehler zu beheben.</translation>
    </message>
</context>
<context>
    <name>DatasetView</name>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Something went wrong: {0}.</source>
        <translation>Etwas ging schief: {0}.</translation>
    </message>
    <message>
        <source>Ended before it was done.</source>
        <translation>Vor dem Ende abgebrochen.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
</context>
<context>
    <name>DrawActions</name>
    <message>
        <source>Open &amp;picture…</source>
        <translation>Bild ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>Read the characters in a picture</source>
        <translation>Die Zeichen eines Bildes lesen</translation>
    </message>
    <message>
        <source>Open &amp;bundle…</source>
        <translation>&amp;Erkenner öffnen …</translation>
    </message>
    <message>
        <source>Read with a recogniser in a folder</source>
        <translation>Mit einem Erkenner aus einem Ordner lesen</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Take back the last step</source>
        <translation>Den letzten Schritt zurücknehmen</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Take the step again</source>
        <translation>Den Schritt noch einmal tun</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>&amp;Leeren</translation>
    </message>
    <message>
        <source>Empty the canvas</source>
        <translation>Die Zeichenfläche leeren</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy what was recognised</source>
        <translation>Das Erkannte kopieren</translation>
    </message>
    <message>
        <source>Pa&amp;ste picture</source>
        <translation>Bild ei&amp;nfügen</translation>
    </message>
    <message>
        <source>Read a picture from the clipboard</source>
        <translation>Ein Bild aus der Zwischenablage lesen</translation>
    </message>
    <message>
        <source>P&amp;en</source>
        <translation>&amp;Stift</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>Er&amp;aser</source>
        <translation>Radier&amp;er</translation>
    </message>
    <message>
        <source>Erase parts of strokes</source>
        <translation>Teile von Strichen ausradieren</translation>
    </message>
    <message>
        <source>&amp;Thinner pen</source>
        <translation>D&amp;ünnerer Stift</translation>
    </message>
    <message>
        <source>Take a thinner pen</source>
        <translation>Einen dünneren Stift nehmen</translation>
    </message>
    <message>
        <source>T&amp;hicker pen</source>
        <translation>&amp;Dickerer Stift</translation>
    </message>
    <message>
        <source>Take a thicker pen</source>
        <translation>Einen dickeren Stift nehmen</translation>
    </message>
    <message>
        <source>&amp;Back to drawing</source>
        <translation>&amp;Zurück zur Zeichnung</translation>
    </message>
    <message>
        <source>Close the picture</source>
        <translation>Das Bild schließen</translation>
    </message>
    <message>
        <source>&amp;Right</source>
        <translation>R&amp;ichtig</translation>
    </message>
    <message>
        <source>Keep the drawing as what was recognised</source>
        <translation>Die Zeichnung als das Erkannte behalten</translation>
    </message>
    <message>
        <source>&amp;Other…</source>
        <translation>&amp;Anderes …</translation>
    </message>
    <message>
        <source>Keep the drawing as another character</source>
        <translation>Die Zeichnung als ein anderes Zeichen behalten</translation>
    </message>
</context>
<context>
    <name>DrawTab</name>
    <message>
        <source>No recogniser</source>
        <translation>Kein Erkenner</translation>
    </message>
    <message>
        <source>Bundled recogniser</source>
        <translation>Mitgelieferter Erkenner</translation>
    </message>
    <message>
        <source>Open picture</source>
        <translation>Bild öffnen</translation>
    </message>
    <message>
        <source>Pictures ({0})</source>
        <translation>Bilder ({0})</translation>
    </message>
    <message>
        <source>Open bundle</source>
        <translation>Erkenner öffnen</translation>
    </message>
    <message>
        <source>There is no recogniser to read the picture with.</source>
        <translation>Es gibt keinen Erkenner, der das Bild lesen könnte.</translation>
    </message>
    <message>
        <source>Open a bundle, or install the program again.</source>
        <translation>Öffne einen Erkenner, oder installiere das Programm neu.</translation>
    </message>
    <message>
        <source>Reading the picture…</source>
        <translation>Das Bild wird gelesen …</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard</source>
        <translation>In der Zwischenablage ist kein Bild</translation>
    </message>
    <message>
        <source>{0} is being loaded.</source>
        <translation>{0} wird geladen.</translation>
    </message>
    <message>
        <source>Until it is ready, {0} reads.</source>
        <translation>Bis dahin liest {0}.</translation>
    </message>
    <message>
        <source>Reads {0:.1%} of {1:,} validation drawings rightly</source>
        <translation>Liest {0:.1%} von {1:,} Validierungszeichnungen richtig</translation>
    </message>
    <message>
        <source>The bundled recogniser is used instead.</source>
        <translation>Stattdessen liest der mitgelieferte Erkenner.</translation>
    </message>
    <message>
        <source>Open bundle…</source>
        <translation>Erkenner öffnen …</translation>
    </message>
    <message>
        <source>No recogniser to read with</source>
        <translation>Kein Erkenner zum Lesen</translation>
    </message>
    <message>
        <source>This recogniser knows no character of this alphabet</source>
        <translation>Dieser Erkenner kennt kein Zeichen dieses Alphabets</translation>
    </message>
    <message>
        <source>Nothing drawn yet</source>
        <translation>Noch nichts gezeichnet</translation>
    </message>
    <message>
        <source>No character was found</source>
        <translation>Kein Zeichen gefunden</translation>
    </message>
    <message>
        <source>The picture could not be read: {0}</source>
        <translation>Das Bild konnte nicht gelesen werden: {0}</translation>
    </message>
    <message>
        <source>Copied: {0}</source>
        <translation>Kopiert: {0}</translation>
    </message>
</context>
<context>
    <name>EpochsChart</name>
    <message>
        <source>Validation accuracy of each fold, epoch by epoch</source>
        <translation>Validierungsgenauigkeit jedes Teils, Epoche für Epoche</translation>
    </message>
    <message>
        <source>A line for each part of the data grows here, epoch by epoch.</source>
        <translation>Hier wächst eine Linie für jeden Teil der Daten, Epoche für Epoche.</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>Epochen</translation>
    </message>
</context>
<context>
    <name>Estimator</name>
    <message>
        <source>{0} parameters</source>
        <translation>{0} Parameter</translation>
    </message>
    <message>
        <source>{0} memory</source>
        <translation>{0} Speicher</translation>
    </message>
    <message>
        <source>about {0} an epoch</source>
        <translation>etwa {0} je Epoche</translation>
    </message>
    <message>
        <source>only {0} of memory are free</source>
        <translation>nur {0} Speicher sind frei</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>Bundle in one file</source>
        <translation>Erkenner in einer Datei</translation>
    </message>
    <message>
        <source>Report with figures</source>
        <translation>Bericht mit Abbildungen</translation>
    </message>
    <message>
        <source>Table of the epochs</source>
        <translation>Tabelle der Epochen</translation>
    </message>
    <message>
        <source>Keras model</source>
        <translation>Keras-Modell</translation>
    </message>
    <message>
        <source>LiteRT model</source>
        <translation>LiteRT-Modell</translation>
    </message>
    <message>
        <source>ONNX model</source>
        <translation>ONNX-Modell</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export samples</source>
        <translation>Beispiele exportieren</translation>
    </message>
    <message>
        <source>Destination</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Pictures, a folder for each class</source>
        <translation>Bilder, ein Ordner je Klasse</translation>
    </message>
    <message>
        <source>Pictures, all in one folder</source>
        <translation>Bilder, alle in einem Ordner</translation>
    </message>
    <message>
        <source>Arrays for NumPy (.npz)</source>
        <translation>Arrays für NumPy (.npz)</translation>
    </message>
    <message>
        <source>One picture of all (contact sheet)</source>
        <translation>Ein Bild von allen (Kontaktbogen)</translation>
    </message>
    <message>
        <source>{0:,} samples of {1}</source>
        <translation>{0:,} Beispiele von {1}</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>&amp;Form</source>
        <translation>&amp;Form</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>&amp;Nach</translation>
    </message>
    <message>
        <source>A table, samples.csv, says label, character and writer of each picture.</source>
        <translation>Eine Tabelle, samples.csv, nennt Klasse, Zeichen und Schreiber jedes Bildes.</translation>
    </message>
    <message>
        <source>Up to {0:,} samples, each with its character below.</source>
        <translation>Bis zu {0:,} Beispiele, jedes mit seinem Zeichen darunter.</translation>
    </message>
    <message>
        <source>Images, labels and the characters of the classes.</source>
        <translation>Bilder, Klassen und die Zeichen der Klassen.</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Choose where to put the samples.</source>
        <translation>Wähle, wohin die Beispiele sollen.</translation>
    </message>
    <message>
        <source>Something went wrong: {0}.</source>
        <translation>Etwas ging schief: {0}.</translation>
    </message>
</context>
<context>
    <name>Facts</name>
    <message>
        <source>* Its settings were changed after the test accuracy of {0} was seen.</source>
        <translation>* Die Einstellungen wurden geändert, nachdem die Testgenauigkeit von {0} gesehen war.</translation>
    </message>
</context>
<context>
    <name>FeatureView</name>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>In the order in which they compute</source>
        <translation>In der Reihenfolge, in der sie rechnen</translation>
    </message>
    <message>
        <source>One scale for all maps</source>
        <translation>Ein Maßstab für alle Karten</translation>
    </message>
    <message>
        <source>Off: each map from its own lowest to its own highest value</source>
        <translation>Aus: jede Karte von ihrem eigenen kleinsten bis zum größten Wert</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>low</source>
        <translation>wenig</translation>
    </message>
    <message>
        <source>high</source>
        <translation>viel</translation>
    </message>
    <message>
        <source>{0}: {1} maps of {2}×{3}, from {4} to {5}</source>
        <translation>{0}: {1} Karten von {2}×{3}, von {4} bis {5}</translation>
    </message>
    <message>
        <source>{0}: {1} units, from {2} to {3}; {4} above the lowest value</source>
        <translation>{0}: {1} Einheiten, von {2} bis {3}; {4} über dem kleinsten Wert</translation>
    </message>
    <message>
        <source>map {0}: {1} to {2}</source>
        <translation>Karte {0}: {1} bis {2}</translation>
    </message>
    <message>
        <source>unit {0}: {1}</source>
        <translation>Einheit {0}: {1}</translation>
    </message>
    <message>
        <source>Map {0} of {1}</source>
        <translation>Karte {0} von {1}</translation>
    </message>
</context>
<context>
    <name>FieldLine</name>
    <message>
        <source>Field to vary</source>
        <translation>Zu variierendes Feld</translation>
    </message>
    <message>
        <source>Values to try</source>
        <translation>Zu versuchende Werte</translation>
    </message>
    <message>
        <source>Do not vary this field</source>
        <translation>Dieses Feld nicht variieren</translation>
    </message>
    <message>
        <source>Remove the field</source>
        <translation>Das Feld entfernen</translation>
    </message>
    <message>
        <source>
From {0} to {1} {2}.</source>
        <translation>
Von {0} bis {1} {2}.</translation>
    </message>
    <message>
        <source>Values with commas, or a range: 32, 64, 128 · 0..0.5:0.1 (in steps of 0.1) · 1e-4..1e-2:log (small and large ones alike)</source>
        <translation>Werte mit Kommas, oder ein Bereich: 32, 64, 128 · 0..0.5:0.1 (in Schritten von 0.1) · 1e-4..1e-2:log (kleine und große gleichermaßen)</translation>
    </message>
</context>
<context>
    <name>FieldRow</name>
    <message>
        <source>Back to {0}</source>
        <translation>Zurück zu {0}</translation>
    </message>
    <message>
        <source>Reset {0}</source>
        <translation>{0} zurücksetzen</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>Expected {0}. Received: {1}.</source>
        <translation>Erwartet: {0}. Erhalten: {1}.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>Expected {0} to {1}. Received: {2}.</source>
        <translation>Erwartet: {0} bis {1}. Erhalten: {2}.</translation>
    </message>
    <message>
        <source>From {0} to {1} {2}</source>
        <translation>Von {0} bis {1} {2}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
</context>
<context>
    <name>Fields</name>
    <message>
        <source>Vary another field</source>
        <translation>Ein weiteres Feld variieren</translation>
    </message>
    <message>
        <source>This field is varied above already.</source>
        <translation>Dieses Feld wird oben schon variiert.</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Split</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>type characters: A g 7</source>
        <translation>Zeichen tippen: A g 7</translation>
    </message>
    <message>
        <source>Search characters</source>
        <translation>Zeichen suchen</translation>
    </message>
    <message>
        <source>Show these characters only (Ctrl+F)</source>
        <translation>Nur diese Zeichen zeigen (Strg+F)</translation>
    </message>
    <message>
        <source>Writer</source>
        <translation>Schreiber</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>Character</source>
        <translation>Zeichen</translation>
    </message>
    <message>
        <source>Untypical first</source>
        <translation>Untypische zuerst</translation>
    </message>
    <message>
        <source>Typical first</source>
        <translation>Typische zuerst</translation>
    </message>
    <message>
        <source>Like another first</source>
        <translation>Fremden Ähnliche zuerst</translation>
    </message>
    <message>
        <source>Shuffled</source>
        <translation>Gemischt</translation>
    </message>
    <message>
        <source>Typical: near the mean image of its class; measured when first asked for</source>
        <translation>Typisch: nahe am mittleren Bild der Klasse; wird gemessen, wenn es zum ersten Mal gebraucht wird</translation>
    </message>
    <message>
        <source>Looks like</source>
        <translation>Sieht aus wie</translation>
    </message>
    <message>
        <source>Samples to which, of all other classes, this one&apos;s mean image is the nearest</source>
        <translation>Beispiele, denen von allen anderen Klassen das mittlere Bild dieser am nächsten ist</translation>
    </message>
    <message>
        <source>anything</source>
        <translation>irgendeines</translation>
    </message>
    <message>
        <source>everybody ({0:,})</source>
        <translation>alle ({0:,})</translation>
    </message>
    <message>
        <source>train</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>True character</source>
        <translation>Wahres Zeichen</translation>
    </message>
    <message>
        <source>What the samples are</source>
        <translation>Was die Beispiele sind</translation>
    </message>
    <message>
        <source>Taken for</source>
        <translation>Gehalten für</translation>
    </message>
    <message>
        <source>What the model took them for</source>
        <translation>Wofür das Modell sie hielt</translation>
    </message>
    <message>
        <source>Pair</source>
        <translation>Paar</translation>
    </message>
    <message>
        <source>What is most often taken for what, the worst first</source>
        <translation>Was am häufigsten wofür gehalten wird, das Schlimmste zuerst</translation>
    </message>
    <message>
        <source>Look-alikes</source>
        <translation>Doppelgänger</translation>
    </message>
    <message>
        <source>Without context nobody can tell 0 from O, 1 from I and L, 5 from S, 2 from Z, 9 from g and q, F from f</source>
        <translation>Ohne Zusammenhang kann niemand 0 von O, 1 von I und L, 5 von S, 2 von Z, 9 von g und q, F von f unterscheiden</translation>
    </message>
    <message>
        <source>Which mistakes come first</source>
        <translation>Welche Fehler zuerst kommen</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Show all mistakes again</source>
        <translation>Wieder alle Fehler zeigen</translation>
    </message>
    <message>
        <source>Surest first</source>
        <translation>Sicherste zuerst</translation>
    </message>
    <message>
        <source>Least sure first</source>
        <translation>Unsicherste zuerst</translation>
    </message>
    <message>
        <source>By character</source>
        <translation>Nach Zeichen</translation>
    </message>
    <message>
        <source>As in the dataset</source>
        <translation>Wie im Datensatz</translation>
    </message>
    <message>
        <source>All mistakes</source>
        <translation>Alle Fehler</translation>
    </message>
    <message>
        <source>Only look-alikes</source>
        <translation>Nur Doppelgänger</translation>
    </message>
    <message>
        <source>Without look-alikes</source>
        <translation>Ohne Doppelgänger</translation>
    </message>
    <message>
        <source>{0}  ({1:,} right)</source>
        <translation>{0}  ({1:,} richtig)</translation>
    </message>
    <message>
        <source>Any pair</source>
        <translation>Jedes Paar</translation>
    </message>
    <message>
        <source>Any true character</source>
        <translation>Jedes wahre Zeichen</translation>
    </message>
    <message>
        <source>Taken for any</source>
        <translation>Für irgendetwas gehalten</translation>
    </message>
</context>
<context>
    <name>FilterView</name>
    <message>
        <source>One filter</source>
        <translation>Ein Filter</translation>
    </message>
    <message>
        <source>{0}: {1} filters of {2}×{3}. Orange wants ink there, blue wants paper.</source>
        <translation>{0}: {1} Filter von {2}×{3}. Orange will dort Tinte, Blau will Papier.</translation>
    </message>
    <message>
        <source>{0}, {2}×{3}. The lighter, the more a pixel counts.</source>
        <translation>{0}, {2}×{3}. Je heller, desto mehr zählt ein Pixel.</translation>
    </message>
    <message>
        <source>Filters, from {0} to {1}</source>
        <translation>Filter, von {0} bis {1}</translation>
    </message>
    <message>
        <source>filter {0}: {1} to {2}</source>
        <translation>Filter {0}: {1} bis {2}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>There are no handwritten samples on this computer yet: fetch EMNIST Balanced, or make the starter set, which needs no network.</source>
        <translation>Auf diesem Rechner gibt es noch keine Handschriftbeispiele: hole EMNIST Balanced, oder erzeuge den Startsatz, der kein Netz braucht.</translation>
    </message>
    <message>
        <source>Fetch EMNIST Balanced</source>
        <translation>EMNIST Balanced holen</translation>
    </message>
    <message>
        <source>Make the starter set</source>
        <translation>Startsatz erzeugen</translation>
    </message>
    <message>
        <source>Fetch EMNIST Balanced ({0})</source>
        <translation>EMNIST Balanced holen ({0})</translation>
    </message>
    <message>
        <source>Train a network of your own and watch it learn to read: the small one takes a few minutes on the starter set, which needs no network connection.</source>
        <translation>Trainiere ein eigenes Netz und sieh ihm beim Lesenlernen zu: das kleine braucht ein paar Minuten auf dem Startsatz, ohne Netzverbindung.</translation>
    </message>
    <message>
        <source>Set up a small network on the starter set</source>
        <translation>Ein kleines Netz auf dem Startsatz einrichten</translation>
    </message>
    <message>
        <source>Choose the model and the data</source>
        <translation>Modell und Daten wählen</translation>
    </message>
</context>
<context>
    <name>FoldsChart</name>
    <message>
        <source>Accuracy of each fold, with mean and standard deviation</source>
        <translation>Genauigkeit jedes Teils, mit Mittel und Standardabweichung</translation>
    </message>
    <message>
        <source>A dot for each part of the data appears here when the training without it is done.</source>
        <translation>Hier erscheint ein Punkt für jeden Teil der Daten, wenn das Training ohne ihn fertig ist.</translation>
    </message>
    <message>
        <source>part that was set aside</source>
        <translation>beiseitegelegter Teil</translation>
    </message>
</context>
<context>
    <name>FoldsPart</name>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>So many trainings; each is measured by the part it lacks</source>
        <translation>So viele Trainings; jedes wird an dem Teil gemessen, der ihm fehlt</translation>
    </message>
    <message>
        <source>No writer in two parts</source>
        <translation>Kein Schreiber in zwei Teilen</translation>
    </message>
    <message>
        <source>Says how well it reads people it has never seen; the dataset must tell who wrote what</source>
        <translation>Sagt, wie gut es Menschen liest, die es nie gesehen hat; der Datensatz muss wissen, wer was geschrieben hat</translation>
    </message>
    <message>
        <source>All parts at once</source>
        <translation>Alle Teile zugleich</translation>
    </message>
    <message>
        <source>For classic models: uses every core of the processor, keeps no models, and shows nothing before the end</source>
        <translation>Für klassische Modelle: nutzt jeden Kern des Prozessors, behält keine Modelle und zeigt vor dem Ende nichts</translation>
    </message>
    <message>
        <source>One training can be lucky. Here the data are divided, and each part is read once by a model that has not seen it: the mean says what to expect, the spread how sure that is.</source>
        <translation>Ein Training kann Glück haben. Hier werden die Daten geteilt, und jeder Teil wird einmal von einem Modell gelesen, das ihn nicht gesehen hat: das Mittel sagt, was zu erwarten ist, die Streuung, wie sicher das ist.</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>To train on</source>
        <translation>Zum Lernen</translation>
    </message>
    <message>
        <source>To measure</source>
        <translation>Zum Messen</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>New cross-validation</source>
        <translation>Neue Kreuzvalidierung</translation>
    </message>
    <message>
        <source>Train once for each part</source>
        <translation>Einmal für jeden Teil trainieren</translation>
    </message>
    <message>
        <source>{0} on {1}: {2} of {3} parts are done.</source>
        <translation>{0} auf {1}: {2} von {3} Teilen sind fertig.</translation>
    </message>
    <message>
        <source>Accuracy {0} ± {1} % (mean and standard deviation).</source>
        <translation>Genauigkeit {0} ± {1} % (Mittel und Standardabweichung).</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>Samples that were read</source>
        <translation>Beispiele, die gelesen wurden</translation>
    </message>
    <message>
        <source>Arrow keys go from one to the next</source>
        <translation>Pfeiltasten gehen von einem zum nächsten</translation>
    </message>
</context>
<context>
    <name>GraphView</name>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Takes from</source>
        <translation>Nimmt von</translation>
    </message>
    <message>
        <source>Layers of the model</source>
        <translation>Schichten des Modells</translation>
    </message>
    <message>
        <source>opened with Keras</source>
        <translation>mit Keras geöffnet</translation>
    </message>
    <message>
        <source>opened with LiteRT: normalisation and activations are part of the layers before</source>
        <translation>mit LiteRT geöffnet: Normalisierung und Aktivierungen stecken in den Schichten davor</translation>
    </message>
    <message>
        <source>a classic model</source>
        <translation>ein klassisches Modell</translation>
    </message>
    <message>
        <source>{0}: {1} parameters in {2} layers, {3}.</source>
        <translation>{0}: {1} Parameter in {2} Schichten, {3}.</translation>
    </message>
</context>
<context>
    <name>GridPage</name>
    <message>
        <source>What is shown</source>
        <translation>Was gezeigt wird</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Drop every filter (Esc)</source>
        <translation>Jeden Filter aufheben (Esc)</translation>
    </message>
    <message>
        <source>Shuffle</source>
        <translation>Mischen</translation>
    </message>
    <message>
        <source>Another random order with every click</source>
        <translation>Bei jedem Klick eine andere zufällige Reihenfolge</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Write the selected samples, or all that are shown, to files (Ctrl+E)</source>
        <translation>Die ausgewählten Beispiele, oder alle gezeigten, in Dateien schreiben (Strg+E)</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation>Ctrl+E</translation>
    </message>
    <message>
        <source>number…</source>
        <translation>Nummer …</translation>
    </message>
    <message>
        <source>Go to number</source>
        <translation>Zur Nummer</translation>
    </message>
    <message>
        <source>Show the sample with this number (Ctrl+G)</source>
        <translation>Das Beispiel mit dieser Nummer zeigen (Strg+G)</translation>
    </message>
    <message>
        <source>No sample is like that.</source>
        <translation>Kein Beispiel ist so.</translation>
    </message>
    <message>
        <source>Ctrl+G</source>
        <translation>Ctrl+G</translation>
    </message>
    <message>
        <source>Size of the images</source>
        <translation>Größe der Bilder</translation>
    </message>
    <message>
        <source>Size of the images (Ctrl and the wheel)</source>
        <translation>Größe der Bilder (Strg und Mausrad)</translation>
    </message>
</context>
<context>
    <name>HeatMap</name>
    <message>
        <source>from {0} to {1}</source>
        <translation>von {0} bis {1}</translation>
    </message>
    <message>
        <source>row {0}, column {1}: {2}</source>
        <translation>Zeile {0}, Spalte {1}: {2}</translation>
    </message>
</context>
<context>
    <name>HeatView</name>
    <message>
        <source>Character that the maps are about</source>
        <translation>Zeichen, von dem die Karten handeln</translation>
    </message>
    <message>
        <source>Choose another one to see why it was not read, or what speaks for it</source>
        <translation>Wähle ein anderes, um zu sehen, warum es nicht gelesen wurde oder was dafür spricht</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>Verdeckt</translation>
    </message>
    <message>
        <source>Orange: covered with paper here, {0} becomes less probable, by so many percentage points: this ink speaks for it. Blue: more probable.</source>
        <translation>Orange: hier mit Papier verdeckt, wird {0} um so viele Prozentpunkte unwahrscheinlicher: diese Tinte spricht dafür. Blau: wahrscheinlicher.</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>Gradient</translation>
    </message>
    <message>
        <source>A little more ink, pixel by pixel. Orange: more ink here speaks for {0}. Blue: against it.</source>
        <translation>Etwas mehr Tinte, Pixel für Pixel. Orange: mehr Tinte spricht hier für {0}. Blau: dagegen.</translation>
    </message>
    <message>
        <source>What speaks for</source>
        <translation>Was spricht für</translation>
    </message>
    <message>
        <source>what is read</source>
        <translation>das Gelesene</translation>
    </message>
</context>
<context>
    <name>ImageGrid</name>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>{0} · number {1:,}</source>
        <translation>{0} · Nummer {1:,}</translation>
    </message>
    <message>
        <source> · writer {0}</source>
        <translation> · Schreiber {0}</translation>
    </message>
    <message>
        <source>The first {0:,} are selected</source>
        <translation>Die ersten {0:,} sind ausgewählt</translation>
    </message>
    <message>
        <source>{0:,} samples, {1:,} selected</source>
        <translation>{0:,} Beispiele, {1:,} ausgewählt</translation>
    </message>
</context>
<context>
    <name>ImageView</name>
    <message>
        <source>The image that the network saw, 28 by 28 pixels</source>
        <translation>Das Bild, das das Netz sah, 28 mal 28 Pixel</translation>
    </message>
    <message>
        <source>What the network saw: 28×28 pixels, in EMNIST&apos;s form</source>
        <translation>Was das Netz sah: 28×28 Pixel in EMNISTs Form</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import {0}</source>
        <translation>{0} importieren</translation>
    </message>
    <message>
        <source>What the dataset is called in the list</source>
        <translation>Wie der Datensatz in der Liste heißt</translation>
    </message>
    <message>
        <source>&amp;Transposed: swap rows and columns</source>
        <translation>&amp;Transponiert: Zeilen und Spalten tauschen</translation>
    </message>
    <message>
        <source>In&amp;verted: ink is dark on light paper</source>
        <translation>In&amp;vertiert: Tinte ist dunkel auf hellem Papier</translation>
    </message>
    <message>
        <source>Networks of another size cannot read your drawings</source>
        <translation>Netze für andere Größen können deine Zeichnungen nicht lesen</translation>
    </message>
    <message>
        <source>as in the file</source>
        <translation>wie in der Datei</translation>
    </message>
    <message>
        <source>28×28, aspect kept</source>
        <translation>28×28, Seitenverhältnis bleibt</translation>
    </message>
    <message>
        <source>Names, with spaces or commas between</source>
        <translation>Namen, getrennt durch Leerzeichen oder Komma</translation>
    </message>
    <message>
        <source>Choose &amp;labels…</source>
        <translation>K&amp;lassendatei wählen …</translation>
    </message>
    <message>
        <source>If the labels lie in a file of their own</source>
        <translation>Wenn die Klassen in einer eigenen Datei stehen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>&amp;Importieren</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Classes</source>
        <translation>&amp;Klassen</translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation>&amp;Größe</translation>
    </message>
    <message>
        <source>Looking at the data…</source>
        <translation>Die Daten werden angesehen …</translation>
    </message>
    <message>
        <source>{0} · {1} · {2}×{3} pixels · {4} classes</source>
        <translation>{0} · {1} · {2}×{3} Pixel · {4} Klassen</translation>
    </message>
    <message>
        <source>Something went wrong: {0}</source>
        <translation>Etwas ging schief: {0}</translation>
    </message>
    <message>
        <source>Call the classes {0}</source>
        <translation>Die Klassen {0} nennen</translation>
    </message>
    <message>
        <source>Transpose</source>
        <translation>Transponieren</translation>
    </message>
    <message>
        <source>Do not transpose</source>
        <translation>Nicht transponieren</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Invertieren</translation>
    </message>
    <message>
        <source>Do not invert</source>
        <translation>Nicht invertieren</translation>
    </message>
    <message>
        <source>Bring to 28×28</source>
        <translation>Auf 28×28 bringen</translation>
    </message>
    <message>
        <source>Choose the file with the labels</source>
        <translation>Die Datei mit den Klassen wählen</translation>
    </message>
    <message>
        <source>There is a dataset {0} already; choose another name.</source>
        <translation>Es gibt schon einen Datensatz {0}; wähle einen anderen Namen.</translation>
    </message>
    <message>
        <source>Importing…</source>
        <translation>Wird importiert …</translation>
    </message>
    <message>
        <source>Cancelled; nothing was stored.</source>
        <translation>Abgebrochen; nichts wurde gespeichert.</translation>
    </message>
</context>
<context>
    <name>ImportancePlot</name>
    <message>
        <source>How much each field matters</source>
        <translation>Wie viel jedes Feld ausmacht</translation>
    </message>
    <message>
        <source>After four finished trials of different accuracy, bars show here which field matters.</source>
        <translation>Nach vier fertigen Versuchen verschiedener Genauigkeit zeigen hier Balken, welches Feld etwas ausmacht.</translation>
    </message>
</context>
<context>
    <name>Importing</name>
    <message>
        <source>Import a folder</source>
        <translation>Einen Ordner importieren</translation>
    </message>
    <message>
        <source>Import a file</source>
        <translation>Eine Datei importieren</translation>
    </message>
</context>
<context>
    <name>InkReplay</name>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Draw the strokes as they were drawn</source>
        <translation>Die Striche zeichnen, wie sie gezeichnet wurden</translation>
    </message>
    <message>
        <source>How much is drawn</source>
        <translation>Wie viel gezeichnet ist</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>InkSheet</name>
    <message>
        <source>The drawing</source>
        <translation>Die Zeichnung</translation>
    </message>
    <message>
        <source>{0} strokes</source>
        <translation>{0} Striche</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Select a sample to look at it closely.</source>
        <translation>Wähle ein Beispiel, um es genau anzusehen.</translation>
    </message>
    <message>
        <source>{0} · number {1:,} · class {2}</source>
        <translation>{0} · Nummer {1:,} · Klasse {2}</translation>
    </message>
    <message>
        <source> · writer {0}</source>
        <translation> · Schreiber {0}</translation>
    </message>
    <message>
        <source>There is no ink in this image.</source>
        <translation>In diesem Bild ist keine Tinte.</translation>
    </message>
    <message>
        <source>Looking for what is like it…</source>
        <translation>Es wird gesucht, was ihm gleicht …</translation>
    </message>
    <message>
        <source>Most like it, same character</source>
        <translation>Am ähnlichsten, gleiches Zeichen</translation>
    </message>
    <message>
        <source>Most like it, other characters</source>
        <translation>Am ähnlichsten, andere Zeichen</translation>
    </message>
    <message>
        <source>like {0}, number {1:,}</source>
        <translation>wie {0}, Nummer {1:,}</translation>
    </message>
    <message>
        <source>This did not work: {0}</source>
        <translation>Das ging nicht: {0}</translation>
    </message>
    <message>
        <source>Character of the sample</source>
        <translation>Zeichen des Beispiels</translation>
    </message>
    <message>
        <source>Point at a pixel to read its value</source>
        <translation>Zeige auf ein Pixel, um seinen Wert zu lesen</translation>
    </message>
    <message>
        <source>Recognise this</source>
        <translation>Dies erkennen</translation>
    </message>
    <message>
        <source>Ask the recogniser of the Draw tab (R)</source>
        <translation>Den Erkenner unter Zeichnen fragen (R)</translation>
    </message>
    <message>
        <source>Mistakes of models</source>
        <translation>Fehler von Modellen</translation>
    </message>
    <message>
        <source>Which samples of this character a model misreads</source>
        <translation>Welche Beispiele dieses Zeichens ein Modell falsch liest</translation>
    </message>
    <message>
        <source>Show these in the grid</source>
        <translation>Diese im Raster zeigen</translation>
    </message>
    <message>
        <source>row {0}, column {1}: {2}</source>
        <translation>Zeile {0}, Spalte {1}: {2}</translation>
    </message>
</context>
<context>
    <name>KeepBar</name>
    <message>
        <source>The right character</source>
        <translation>Das richtige Zeichen</translation>
    </message>
    <message>
        <source>Type the right character (Esc gives up)</source>
        <translation>Tippe das richtige Zeichen (Esc gibt auf)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Bring the drawing back and forget the sample</source>
        <translation>Die Zeichnung zurückholen und das Beispiel vergessen</translation>
    </message>
    <message>
        <source>Look through my samples</source>
        <translation>Meine Beispiele durchsehen</translation>
    </message>
    <message>
        <source>{0} or {1}? Type it:</source>
        <translation>{0} oder {1}? Tippe es:</translation>
    </message>
    <message>
        <source>That was a…</source>
        <translation>Das war …</translation>
    </message>
    <message>
        <source>Kept as {0}</source>
        <translation>Als {0} behalten</translation>
    </message>
    <message>
        <source>1 sample</source>
        <translation>1 Beispiel</translation>
    </message>
    <message>
        <source>{0:,} samples</source>
        <translation>{0:,} Beispiele</translation>
    </message>
    <message>
        <source> · {0:,} × {1}</source>
        <translation> · {0:,} × {1}</translation>
    </message>
</context>
<context>
    <name>LargeMap</name>
    <message>
        <source>from {0} to {1}</source>
        <translation>von {0} bis {1}</translation>
    </message>
    <message>
        <source>row {0}, column {1}: {2}</source>
        <translation>Zeile {0}, Spalte {1}: {2}</translation>
    </message>
</context>
<context>
    <name>LargeView</name>
    <message>
        <source>The sample, large</source>
        <translation>Das Beispiel, groß</translation>
    </message>
    <message>
        <source>What was taken for what</source>
        <translation>Was wofür gehalten wurde</translation>
    </message>
    <message>
        <source>About the sample</source>
        <translation>Über das Beispiel</translation>
    </message>
    <message>
        <source>The one before (Left)</source>
        <translation>Das davor (links)</translation>
    </message>
    <message>
        <source>Previous sample</source>
        <translation>Voriges Beispiel</translation>
    </message>
    <message>
        <source>The next one (Right)</source>
        <translation>Das nächste (rechts)</translation>
    </message>
    <message>
        <source>Next sample</source>
        <translation>Nächstes Beispiel</translation>
    </message>
    <message>
        <source>Position among those shown</source>
        <translation>Stelle unter den gezeigten</translation>
    </message>
    <message>
        <source>{0}, read right</source>
        <translation>{0}, richtig gelesen</translation>
    </message>
    <message>
        <source>{0}, taken for {1}</source>
        <translation>{0}, für {1} gehalten</translation>
    </message>
    <message>
        <source>{0:,} of {1:,}</source>
        <translation>{0:,} von {1:,}</translation>
    </message>
    <message>
        <source>Number {0:,}</source>
        <translation>Nummer {0:,}</translation>
    </message>
    <message>
        <source> · writer {0}</source>
        <translation> · Schreiber {0}</translation>
    </message>
</context>
<context>
    <name>LayersChild</name>
    <message>
        <source>The trainer cannot be started: {0}.</source>
        <translation>Der Trainer lässt sich nicht starten: {0}.</translation>
    </message>
    <message>
        <source>The process that looks into {0} has ended.</source>
        <translation>Der Prozess, der in {0} hineinsieht, hat geendet.</translation>
    </message>
    <message>
        <source>The log says more: Help, Open log folder.</source>
        <translation>Das Protokoll sagt mehr: Hilfe, Protokollordner öffnen.</translation>
    </message>
</context>
<context>
    <name>LayersPage</name>
    <message>
        <source>Maps</source>
        <translation>Karten</translation>
    </message>
    <message>
        <source>Feature maps: what each layer makes of the picture</source>
        <translation>Merkmalskarten: was jede Schicht aus dem Bild macht</translation>
    </message>
    <message>
        <source>What counts</source>
        <translation>Was zählt</translation>
    </message>
    <message>
        <source>Which ink speaks for the answer, and which against</source>
        <translation>Welche Tinte für die Antwort spricht und welche dagegen</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>What the first layer looks for</source>
        <translation>Wonach die erste Schicht sucht</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>A map: those lie together that it takes for alike</source>
        <translation>Eine Karte: beieinander liegt, was es für ähnlich hält</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Write all that is seen here as a picture or a page</source>
        <translation>Alles, was hier zu sehen ist, als Bild oder Seite schreiben</translation>
    </message>
    <message>
        <source>Save what the layers see</source>
        <translation>Speichern, was die Schichten sehen</translation>
    </message>
    <message>
        <source>{0} cannot be written.</source>
        <translation>{0} lässt sich nicht schreiben.</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>Geschrieben: {0}</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Graph</source>
        <translation>Aufbau</translation>
    </message>
    <message>
        <source>The layers with their shapes and parameters</source>
        <translation>Die Schichten mit ihren Formen und Parametern</translation>
    </message>
    <message>
        <source>Choose a model on the left to see what its layers see.</source>
        <translation>Wähle links ein Modell, um zu sehen, was seine Schichten sehen.</translation>
    </message>
    <message>
        <source>{0} is being opened. Loading Keras takes some seconds.</source>
        <translation>{0} wird geöffnet. Keras zu laden dauert einige Sekunden.</translation>
    </message>
</context>
<context>
    <name>LeaderboardModel</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Its name in the Training tab</source>
        <translation>Sein Name unter Training</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>The preset that was trained</source>
        <translation>Die Vorlage, die trainiert wurde</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>What it learnt from</source>
        <translation>Woraus er gelernt hat</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>Accuracy on the samples that it chose by</source>
        <translation>Genauigkeit auf den Beispielen, nach denen gewählt wurde</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Accuracy on samples that nothing was chosen by</source>
        <translation>Genauigkeit auf Beispielen, nach denen nichts gewählt wurde</translation>
    </message>
    <message>
        <source>Time to train</source>
        <translation>Trainingszeit</translation>
    </message>
    <message>
        <source>All epochs, their validations included</source>
        <translation>Alle Epochen mit ihren Validierungen</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Trained numbers; classic models have none</source>
        <translation>Trainierte Zahlen; klassische Modelle haben keine</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Of the model on disk</source>
        <translation>Des Modells auf der Platte</translation>
    </message>
    <message>
        <source>An image</source>
        <translation>Ein Bild</translation>
    </message>
    <message>
        <source>Time to read one, where it was measured</source>
        <translation>Zeit, eines zu lesen, wo sie gemessen wurde</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Start of its random numbers</source>
        <translation>Anfang seiner Zufallszahlen</translation>
    </message>
    <message>
        <source>Validation {0}, 95 %: {1}</source>
        <translation>Validierung {0}, 95 %: {1}</translation>
    </message>
    <message>
        <source>Test {0}, 95 %: {1}</source>
        <translation>Test {0}, 95 %: {1}</translation>
    </message>
    <message>
        <source>* Its settings were changed after the test accuracy of {0} was seen.</source>
        <translation>* Die Einstellungen wurden geändert, nachdem die Testgenauigkeit von {0} gesehen war.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>EMNIST Desktop</source>
        <translation>EMNIST Desktop</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>Datasets</source>
        <translation>Datensätze</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>The settings are of a newer version of EMNIST Desktop and stay as they are; what you change here is not kept.</source>
        <translation>Die Einstellungen stammen von einer neueren Version von EMNIST Desktop und bleiben, wie sie sind; was du hier änderst, wird nicht behalten.</translation>
    </message>
    <message>
        <source>EMNIST Desktop ended unexpectedly last time.</source>
        <translation>EMNIST Desktop endete beim letzten Mal unerwartet.</translation>
    </message>
    <message>
        <source>Your drawing is back.</source>
        <translation>Deine Zeichnung ist wieder da.</translation>
    </message>
    <message>
        <source>Show report</source>
        <translation>Bericht zeigen</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Open &amp;log folder</source>
        <translation>&amp;Protokollordner öffnen</translation>
    </message>
    <message>
        <source>&amp;About EMNIST Desktop</source>
        <translation>Ü&amp;ber EMNIST Desktop</translation>
    </message>
    <message>
        <source>Theme of the &amp;system</source>
        <translation>Thema des &amp;Systems</translation>
    </message>
    <message>
        <source>&amp;Light theme</source>
        <translation>&amp;Helles Thema</translation>
    </message>
    <message>
        <source>&amp;Dark theme</source>
        <translation>&amp;Dunkles Thema</translation>
    </message>
    <message>
        <source>The report below says where the program was when it ended.</source>
        <translation>Der Bericht unten sagt, wo das Programm war, als es endete.</translation>
    </message>
    <message>
        <source>The log is in {0}</source>
        <translation>Das Protokoll liegt in {0}</translation>
    </message>
    <message>
        <source>Learned from: {0}</source>
        <translation>Gelernt aus: {0}</translation>
    </message>
    <message>
        <source>&lt;h3&gt;EMNIST Desktop&lt;/h3&gt;&lt;p&gt;Draw a character and see it recognised.&lt;/p&gt;&lt;p&gt;Recogniser: {0}&lt;/p&gt;&lt;p&gt;{1}&lt;/p&gt;&lt;pre&gt;{2}&lt;/pre&gt;&lt;p&gt;MIT licence. Qt is used under the LGPL.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;EMNIST Desktop&lt;/h3&gt;&lt;p&gt;Zeichne ein Zeichen und sieh, wie es erkannt wird.&lt;/p&gt;&lt;p&gt;Erkenner: {0}&lt;/p&gt;&lt;p&gt;{1}&lt;/p&gt;&lt;pre&gt;{2}&lt;/pre&gt;&lt;p&gt;MIT-Lizenz. Qt wird unter der LGPL benutzt.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>About EMNIST Desktop</source>
        <translation>Über EMNIST Desktop</translation>
    </message>
</context>
<context>
    <name>MistakeList</name>
    <message>
        <source>{0}, read right, {2} sure · number {3:,}</source>
        <translation>{0}, richtig gelesen, {2} sicher · Nummer {3:,}</translation>
    </message>
    <message>
        <source>{0}, taken for {1}, {2} sure · number {3:,}</source>
        <translation>{0}, für {1} gehalten, {2} sicher · Nummer {3:,}</translation>
    </message>
</context>
<context>
    <name>MistakesBrowser</name>
    <message>
        <source>How many mistakes</source>
        <translation>Wie viele Fehler</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Right ones of both characters beside those that were mistaken</source>
        <translation>Richtige von beiden Zeichen neben den verwechselten</translation>
    </message>
    <message>
        <source>Show in Datasets</source>
        <translation>Unter Datensätze zeigen</translation>
    </message>
    <message>
        <source>In the matrix</source>
        <translation>In der Matrix</translation>
    </message>
    <message>
        <source>Show the cell of this sample in the report</source>
        <translation>Die Zelle dieses Beispiels im Bericht zeigen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Write those shown as pictures, with a table</source>
        <translation>Die gezeigten als Bilder schreiben, mit einer Tabelle</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Noch einmal nachsehen</translation>
    </message>
    <message>
        <source>The model has changed since it read these samples.</source>
        <translation>Das Modell hat sich geändert, seit es diese Beispiele las.</translation>
    </message>
    <message>
        <source>{0:,} read right</source>
        <translation>{0:,} richtig gelesen</translation>
    </message>
    <message>
        <source>{0:,} mistakes in {1:,} samples ({2})</source>
        <translation>{0:,} Fehler in {1:,} Beispielen ({2})</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} mistakes</source>
        <translation>{0:,} von {1:,} Fehlern</translation>
    </message>
    <message>
        <source>No mistake at all: each of the {0:,} samples was read right.</source>
        <translation>Kein einziger Fehler: alle {0:,} Beispiele wurden richtig gelesen.</translation>
    </message>
    <message>
        <source>No mistake is of this kind. “Show all” shows the others.</source>
        <translation>Kein Fehler ist von dieser Art. „Alle zeigen“ zeigt die anderen.</translation>
    </message>
    <message>
        <source>Show these samples in the Datasets tab</source>
        <translation>Diese Beispiele unter Datensätze zeigen</translation>
    </message>
    <message>
        <source>Only datasets of the Datasets tab can be shown there: import these data</source>
        <translation>Nur Datensätze aus der Liste lassen sich dort zeigen: importiere diese Daten</translation>
    </message>
    <message>
        <source>Mistakes of {0}</source>
        <translation>Fehler von {0}</translation>
    </message>
    <message>
        <source>{0} taken for {1}</source>
        <translation>{0} für {1} gehalten</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>Geschrieben: {0}</translation>
    </message>
</context>
<context>
    <name>MistakesExport</name>
    <message>
        <source>Export samples</source>
        <translation>Beispiele exportieren</translation>
    </message>
    <message>
        <source>{0:,} pictures, numbered as they are shown, in a new folder; a table, {1}, says what each is, what it was taken for, and how surely.</source>
        <translation>{0:,} Bilder, nummeriert wie gezeigt, in einem neuen Ordner; eine Tabelle, {1}, sagt, was jedes ist, wofür es gehalten wurde und wie sicher.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Was nicht stimmt</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>&amp;Nach</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Choose where to put the pictures.</source>
        <translation>Wähle, wohin die Bilder sollen.</translation>
    </message>
    <message>
        <source>Something went wrong: {0}.</source>
        <translation>Etwas ging schief: {0}.</translation>
    </message>
</context>
<context>
    <name>MistakesPage</name>
    <message>
        <source>Choose a model and a dataset to see what is misread.</source>
        <translation>Wähle ein Modell und einen Datensatz, um zu sehen, was falsch gelesen wird.</translation>
    </message>
    <message>
        <source>Datasets are fetched, made and imported in the Datasets tab.</source>
        <translation>Datensätze werden unter Datensätze geholt, erzeugt und importiert.</translation>
    </message>
    <message>
        <source>Opening the samples…</source>
        <translation>Die Beispiele werden geöffnet …</translation>
    </message>
    <message>
        <source>{0} has not read these samples yet.</source>
        <translation>{0} hat diese Beispiele noch nicht gelesen.</translation>
    </message>
    <message>
        <source>It takes seconds to a few minutes, and works beside the window.</source>
        <translation>Es dauert Sekunden bis wenige Minuten und läuft neben dem Fenster.</translation>
    </message>
    <message>
        <source>Something went wrong: {0}.</source>
        <translation>Etwas ging schief: {0}.</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
</context>
<context>
    <name>ModelsTab</name>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>How well it reads, class by class</source>
        <translation>Wie gut es liest, Klasse für Klasse</translation>
    </message>
    <message>
        <source>Mistakes</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>The samples that it misreads</source>
        <translation>Die Beispiele, die es falsch liest</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Which model is better, and is it?</source>
        <translation>Welches Modell ist besser, und stimmt das?</translation>
    </message>
    <message>
        <source>Robustness</source>
        <translation>Robustheit</translation>
    </message>
    <message>
        <source>What worse pictures do to it</source>
        <translation>Was schlechtere Bilder mit ihm machen</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>What its layers see in your drawing</source>
        <translation>Was seine Schichten in deiner Zeichnung sehen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Better settings, cross-validation, more samples</source>
        <translation>Bessere Einstellungen, Kreuzvalidierung, mehr Beispiele</translation>
    </message>
</context>
<context>
    <name>NeighbourStrip</name>
    <message>
        <source>{0} · number {1:,} · distance {2:,.0f}</source>
        <translation>{0} · Nummer {1:,} · Abstand {2:,.0f}</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>What is to be known</source>
        <translation>Was zu wissen ist</translation>
    </message>
    <message>
        <source>What can be done</source>
        <translation>Was sich tun lässt</translation>
    </message>
    <message>
        <source>Look for mistakes</source>
        <translation>Fehler suchen</translation>
    </message>
    <message>
        <source>Let the model read every sample, and keep its report</source>
        <translation>Das Modell jedes Beispiel lesen lassen und den Bericht behalten</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>OddLabels</name>
    <message>
        <source>Show in grid</source>
        <translation>Im Raster zeigen</translation>
    </message>
    <message>
        <source>Show the samples in doubt, the oddest first</source>
        <translation>Die zweifelhaften Beispiele zeigen, die seltsamsten zuerst</translation>
    </message>
    <message>
        <source>Samples whose label is in doubt</source>
        <translation>Beispiele mit zweifelhafter Klasse</translation>
    </message>
    <message>
        <source>Labels in doubt: {0:,}. The sample is far from the mean of its class, and most of its {1} nearest neighbours have another label. Some are only unusual hands.</source>
        <translation>Zweifelhafte Klassen: {0:,}. Das Beispiel liegt weit vom Mittel seiner Klasse, und die meisten seiner {1} nächsten Nachbarn haben eine andere. Manche sind nur ungewöhnliche Handschriften.</translation>
    </message>
    <message>
        <source>The last {0:,} are of characters that look alike, such as 0 and O.</source>
        <translation>Die letzten {0:,} gehören zu Zeichen, die sich gleichen, wie 0 und O.</translation>
    </message>
    <message>
        <source>No label is in doubt.</source>
        <translation>Keine Klasse ist zweifelhaft.</translation>
    </message>
    <message>
        <source>Sample {0:,} is labelled {1}; {2:.0%} of its neighbours have another label, most of them {3}. Click to see it.</source>
        <translation>Beispiel {0:,} steht unter {1}; {2:.0%} seiner Nachbarn stehen anderswo, die meisten unter {3}. Ein Klick zeigt es.</translation>
    </message>
    <message>
        <source>Labels in doubt</source>
        <translation>Zweifelhafte Klassen</translation>
    </message>
</context>
<context>
    <name>OneOfEach</name>
    <message>
        <source>Other samples</source>
        <translation>Andere Beispiele</translation>
    </message>
    <message>
        <source>Draw another sample of every class</source>
        <translation>Ein anderes Beispiel jeder Klasse ziehen</translation>
    </message>
    <message>
        <source>One sample of every class</source>
        <translation>Ein Beispiel jeder Klasse</translation>
    </message>
    <message>
        <source>{0}: sample {1:,}. Click to see it.</source>
        <translation>{0}: Beispiel {1:,}. Ein Klick zeigt es.</translation>
    </message>
    <message>
        <source>Classes without a sample here: {0}.</source>
        <translation>Klassen ohne Beispiel hier: {0}.</translation>
    </message>
</context>
<context>
    <name>PageBar</name>
    <message>
        <source>New run</source>
        <translation>Neuer Lauf</translation>
    </message>
    <message>
        <source>Choose the data and the model, and start</source>
        <translation>Daten und Modell wählen und starten</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>Zusehen</translation>
    </message>
    <message>
        <source>See how the run learns</source>
        <translation>Sehen, wie der Lauf lernt</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>All runs: compare them, use one, delete one</source>
        <translation>Alle Läufe: vergleichen, benutzen, löschen</translation>
    </message>
    <message>
        <source>{0} waiting</source>
        <translation>{0} warten</translation>
    </message>
</context>
<context>
    <name>ParallelPlot</name>
    <message>
        <source>Lines of the trials through all fields to their accuracy</source>
        <translation>Linien der Versuche durch alle Felder zu ihrer Genauigkeit</translation>
    </message>
    <message>
        <source>Accuracy, %</source>
        <translation>Genauigkeit, %</translation>
    </message>
    <message>
        <source>Each trial will be a line here, from its settings on the left to its accuracy on the right.</source>
        <translation>Jeder Versuch wird hier eine Linie sein, von seinen Einstellungen links zu seiner Genauigkeit rechts.</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>Figure</source>
        <translation>Abbildung</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>Text read from the picture</source>
        <translation>Aus dem Bild gelesener Text</translation>
    </message>
    <message>
        <source>No character was found in this picture</source>
        <translation>In diesem Bild wurde kein Zeichen gefunden</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
</context>
<context>
    <name>PixelAverage</name>
    <message>
        <source>Average grey level</source>
        <translation>Mittlere Graustufe</translation>
    </message>
    <message>
        <source>After StandardScaler</source>
        <translation>Nach StandardScaler</translation>
    </message>
    <message>
        <source>After MinMaxScaler</source>
        <translation>Nach MinMaxScaler</translation>
    </message>
    <message>
        <source>MinMaxScaler suits pictures: paper stays 0, full ink becomes 1, and the picture keeps its shape; StandardScaler makes every pixel average 0, also at the edge, where a rare drop of ink then counts as much as {0:.0f} standard deviations.</source>
        <translation>MinMaxScaler passt zu Bildern: Papier bleibt 0, volle Tinte wird 1, und das Bild behält seine Gestalt; StandardScaler bringt jedes Pixel auf den Mittelwert 0, auch am Rand, wo dann ein seltener Tropfen Tinte so viel zählt wie {0:.0f} Standardabweichungen.</translation>
    </message>
    <message>
        <source>{0} pixels never change; both scalers divide those by 1.</source>
        <translation>{0} Pixel ändern sich nie; beide Verfahren teilen diese durch 1.</translation>
    </message>
</context>
<context>
    <name>PixelView</name>
    <message>
        <source>The sample, enlarged; arrows choose a pixel</source>
        <translation>Das Beispiel, vergrößert; Pfeiltasten wählen ein Pixel</translation>
    </message>
</context>
<context>
    <name>Plots</name>
    <message>
        <source>Loss and accuracy of the run</source>
        <translation>Verlust und Genauigkeit des Laufs</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>accuracy, %</source>
        <translation>Genauigkeit, %</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>batches</source>
        <translation>Batches</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>Validierung</translation>
    </message>
</context>
<context>
    <name>ProgressTexts</name>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>{0:,} · {1} classes · {2}</source>
        <translation>{0:,} · {1} Klassen · {2}</translation>
    </message>
    <message>
        <source>none yet: confirm what you draw</source>
        <translation>noch keine: bestätige, was du zeichnest</translation>
    </message>
    <message>
        <source>{0:,} · {1} classes · to make</source>
        <translation>{0:,} · {1} Klassen · zu erzeugen</translation>
    </message>
    <message>
        <source>{0:,} · {1} classes · ↓ {2}</source>
        <translation>{0:,} · {1} Klassen · ↓ {2}</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>auf diesem Rechner</translation>
    </message>
    <message>
        <source>not here</source>
        <translation>nicht hier</translation>
    </message>
    <message>
        <source>Fetching</source>
        <translation>Wird geholt</translation>
    </message>
    <message>
        <source>Storing</source>
        <translation>Wird gespeichert</translation>
    </message>
    <message>
        <source>Making</source>
        <translation>Wird erzeugt</translation>
    </message>
    <message>
        <source>{0}: {1} of {2}</source>
        <translation>{0}: {1} von {2}</translation>
    </message>
    <message>
        <source> · {0}/s</source>
        <translation> · {0}/s</translation>
    </message>
    <message>
        <source> · {0} left</source>
        <translation> · noch {0}</translation>
    </message>
</context>
<context>
    <name>ProjectsView</name>
    <message>
        <source>Course project</source>
        <translation>Kursprojekt</translation>
    </message>
    <message>
        <source>In small</source>
        <translation>Im Kleinen</translation>
    </message>
    <message>
        <source>Few samples, epochs and combinations: minutes instead of hours or days</source>
        <translation>Wenige Beispiele, Epochen und Kombinationen: Minuten statt Stunden oder Tage</translation>
    </message>
    <message>
        <source>as theirs</source>
        <translation>wie dort</translation>
    </message>
    <message>
        <source>Epochs at most</source>
        <translation>Epochen höchstens</translation>
    </message>
    <message>
        <source>Networks are trained for no more epochs than this</source>
        <translation>Netze werden nicht länger als so viele Epochen trainiert</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>What is done is kept; a later start goes on</source>
        <translation>Was fertig ist, bleibt; ein späterer Start macht weiter</translation>
    </message>
    <message>
        <source>Progress of the project</source>
        <translation>Fortschritt des Projekts</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Abbildungen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Open the folder with the table and the figures</source>
        <translation>Den Ordner mit Tabelle und Abbildungen öffnen</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Theirs</source>
        <translation>Dort</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>Hier</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Was es ist</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Anmerkungen</translation>
    </message>
    <message>
        <source>Theirs and yours</source>
        <translation>Ihre und deine</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>Nothing of it was repeated yet.</source>
        <translation>Davon wurde noch nichts wiederholt.</translation>
    </message>
    <message>
        <source>Yours: {0}, {1:,} samples to train on and choose by, {2:,} to test</source>
        <translation>Deine: {0}, {1:,} Beispiele zum Lernen und Wählen, {2:,} zum Testen</translation>
    </message>
    <message>
        <source>, in small</source>
        <translation>, im Kleinen</translation>
    </message>
    <message>
        <source> (chosen)</source>
        <translation> (gewählt)</translation>
    </message>
    <message>
        <source>By: {0}. Their data: {1}.</source>
        <translation>Von: {0}. Ihre Daten: {1}.</translation>
    </message>
    <message>
        <source>Repeat on {0}</source>
        <translation>Auf {0} wiederholen</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Train what they trained, on this dataset</source>
        <translation>Auf diesem Datensatz trainieren, was sie trainiert haben</translation>
    </message>
    <message>
        <source>Choose a dataset on the left</source>
        <translation>Links einen Datensatz wählen</translation>
    </message>
</context>
<context>
    <name>ReliabilityChart</name>
    <message>
        <source>confidence of the answer, %</source>
        <translation>Sicherheit der Antwort, %</translation>
    </message>
    <message>
        <source>right, %</source>
        <translation>richtig, %</translation>
    </message>
    <message>
        <source>Reliability: accuracy by confidence</source>
        <translation>Verlässlichkeit: Genauigkeit nach Sicherheit</translation>
    </message>
    <message>
        <source>{0} answers that were {1:.0f} to {2:.0f} % sure: {3} of them are right, {4} was expected</source>
        <translation>{0} Antworten waren {1:.0f} bis {2:.0f} % sicher: {3} davon sind richtig, {4} waren zu erwarten</translation>
    </message>
</context>
<context>
    <name>ReportConfusion</name>
    <message>
        <source>% of true</source>
        <translation>% der wahren</translation>
    </message>
    <message>
        <source>% of predicted</source>
        <translation>% der gelesenen</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>Anzahl</translation>
    </message>
    <message>
        <source>What the colours of the cells stand for</source>
        <translation>Wofür die Farben der Zellen stehen</translation>
    </message>
    <message>
        <source>Unit of the cells</source>
        <translation>Einheit der Zellen</translation>
    </message>
    <message>
        <source>By class</source>
        <translation>Nach Klasse</translation>
    </message>
    <message>
        <source>By confusion</source>
        <translation>Nach Verwechslung</translation>
    </message>
    <message>
        <source>Put classes that are taken for one another side by side, or leave their order</source>
        <translation>Verwechselte Klassen nebeneinanderstellen oder ihre Reihenfolge lassen</translation>
    </message>
    <message>
        <source>Order of the classes</source>
        <translation>Reihenfolge der Klassen</translation>
    </message>
    <message>
        <source>Cell under the mouse</source>
        <translation>Zelle unter der Maus</translation>
    </message>
    <message>
        <source>The most frequent errors; click one to see its images</source>
        <translation>Die häufigsten Fehler; ein Klick zeigt die Bilder</translation>
    </message>
    <message>
        <source>Most confused pairs</source>
        <translation>Am häufigsten verwechselt</translation>
    </message>
    <message>
        <source>Rows are true classes: what the data say. Columns are predicted ones: what the model read. Click a cell to see its images.</source>
        <translation>Zeilen sind wahre Klassen: was die Daten sagen. Spalten sind Vorhersagen: was das Modell las. Ein Klick auf eine Zelle zeigt ihre Bilder.</translation>
    </message>
    <message>
        <source>Nothing was misread.</source>
        <translation>Nichts wurde falsch gelesen.</translation>
    </message>
    <message>
        <source>true {0}, read as {1}</source>
        <translation>wahr {0}, gelesen als {1}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>Most confused</source>
        <translation>Am häufigsten verwechselt</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>The report cannot be written to {0}: {1}.</source>
        <translation>Der Bericht lässt sich nicht nach {0} schreiben: {1}.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Wähle einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Saved {0}</source>
        <translation>{0} gespeichert</translation>
    </message>
    <message>
        <source>Make the report</source>
        <translation>Bericht erstellen</translation>
    </message>
    <message>
        <source>Read every sample of the data with the model, and count</source>
        <translation>Jedes Beispiel der Daten mit dem Modell lesen und zählen</translation>
    </message>
    <message>
        <source>See the mistakes</source>
        <translation>Fehler ansehen</translation>
    </message>
    <message>
        <source>Look at the samples that were misread</source>
        <translation>Die falsch gelesenen Beispiele ansehen</translation>
    </message>
    <message>
        <source>Save as page…</source>
        <translation>Als Seite speichern …</translation>
    </message>
    <message>
        <source>Write the report as one HTML file that a browser opens</source>
        <translation>Den Bericht als eine HTML-Datei schreiben, die ein Browser öffnet</translation>
    </message>
    <message>
        <source>Progress of the report</source>
        <translation>Fortschritt des Berichts</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop measuring; the last report stays</source>
        <translation>Messung beenden; der letzte Bericht bleibt</translation>
    </message>
    <message>
        <source>Make it again</source>
        <translation>Noch einmal erstellen</translation>
    </message>
    <message>
        <source>Choose a model and a dataset to see how well it reads.</source>
        <translation>Wähle ein Modell und einen Datensatz, um zu sehen, wie gut es liest.</translation>
    </message>
    <message>
        <source>Every sample is being read.</source>
        <translation>Jedes Beispiel wird gelesen.</translation>
    </message>
    <message>
        <source>There is no report yet. It reads every sample and says how many are right, which classes are confused, and whether the model knows when it is right.</source>
        <translation>Noch gibt es keinen Bericht. Er liest jedes Beispiel und sagt, wie viele richtig sind, welche Klassen verwechselt werden und ob das Modell weiß, wann es richtigliegt.</translation>
    </message>
    <message>
        <source>{0} on {1}</source>
        <translation>{0} auf {1}</translation>
    </message>
    <message>
        <source>Measuring {0} on {1} …</source>
        <translation>{0} wird auf {1} gemessen …</translation>
    </message>
    <message>
        <source>Made {0}</source>
        <translation>Erstellt {0}</translation>
    </message>
    <message>
        <source>the model has changed since: make it again</source>
        <translation>das Modell hat sich seither geändert: erstelle ihn neu</translation>
    </message>
    <message>
        <source>The report of {0} is ready</source>
        <translation>Der Bericht von {0} ist fertig</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
</context>
<context>
    <name>ReportView</name>
    <message>
        <source>Macro average, every class alike: precision {0}, recall {1}, F1 {2}.</source>
        <translation>Makromittel, jede Klasse gleich: Präzision {0}, Trefferquote {1}, F1 {2}.</translation>
    </message>
    <message>
        <source>Weighted by samples: precision {0}, recall {1}, F1 {2}.</source>
        <translation>Nach Beispielen gewichtet: Präzision {0}, Trefferquote {1}, F1 {2}.</translation>
    </message>
    <message>
        <source>Bars that end on the dashed line: of what it is 80 % sure of, 80 % is right. Below the line it is too sure of itself, above it too modest.</source>
        <translation>Balken, die an der gestrichelten Linie enden: wovon es zu 80 % überzeugt ist, davon stimmen 80 %. Unter der Linie ist es zu sicher, darüber zu bescheiden.</translation>
    </message>
    <message>
        <source>How many of the other answers are right when those that it is least sure of are set aside, for a person to look at.</source>
        <translation>Wie viele der anderen Antworten stimmen, wenn die unsichersten für einen Menschen beiseitegelegt werden.</translation>
    </message>
    <message>
        <source>What is read as what</source>
        <translation>Was als was gelesen wird</translation>
    </message>
    <message>
        <source>Does it know when it is right?</source>
        <translation>Weiß es, wann es richtigliegt?</translation>
    </message>
    <message>
        <source>Each class</source>
        <translation>Jede Klasse</translation>
    </message>
    <message>
        <source>Point at it, or walk with the arrow keys, to see its values</source>
        <translation>Zeige darauf oder gehe mit den Pfeiltasten, um die Werte zu sehen</translation>
    </message>
</context>
<context>
    <name>RobustnessCurves</name>
    <message>
        <source>Accuracy against strength, for each corruption</source>
        <translation>Genauigkeit über der Stärke, für jede Störung</translation>
    </message>
    <message>
        <source>untouched</source>
        <translation>unberührt</translation>
    </message>
    <message>
        <source>{0}, {1}: {2:.1f} % (95 %: {3:.1f} to {4:.1f} %)</source>
        <translation>{0}, {1}: {2:.1f} % (95 %: {3:.1f} bis {4:.1f} %)</translation>
    </message>
</context>
<context>
    <name>RobustnessExamples</name>
    <message>
        <source>Samples at each strength, and how they are read</source>
        <translation>Beispiele bei jeder Stärke, und wie sie gelesen werden</translation>
    </message>
    <message>
        <source>untouched</source>
        <translation>unberührt</translation>
    </message>
    <message>
        <source>Sample {0:,}: {1}</source>
        <translation>Beispiel {0:,}: {1}</translation>
    </message>
</context>
<context>
    <name>RobustnessModel</name>
    <message>
        <source>Corruption</source>
        <translation>Störung</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <source>What is done to the pictures</source>
        <translation>Was mit den Bildern geschieht</translation>
    </message>
    <message>
        <source>Accuracy at strength {0} of 5, in %</source>
        <translation>Genauigkeit bei Stärke {0} von 5, in %</translation>
    </message>
    <message>
        <source>Mean of the five strengths, in %</source>
        <translation>Mittel der fünf Stärken, in %</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Part of the untouched accuracy that is lost, in %</source>
        <translation>Verlorener Teil der unberührten Genauigkeit, in %</translation>
    </message>
    <message>
        <source>{0}: {1:.1f} % (95 %: {2:.1f} to {3:.1f} %)</source>
        <translation>{0}: {1:.1f} % (95 %: {2:.1f} bis {3:.1f} %)</translation>
    </message>
    <message>
        <source>{0}: {1:+.1f} points (95 %: {2:+.1f} to {3:+.1f})</source>
        <translation>{0}: {1:+.1f} Punkte (95 %: {2:+.1f} bis {3:+.1f})</translation>
    </message>
    <message>
        <source>within noise</source>
        <translation>im Rauschen</translation>
    </message>
</context>
<context>
    <name>RobustnessPage</name>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>So many samples, chosen at random, are shown 51 times each; 0 for all</source>
        <translation>So viele zufällig gewählte Beispiele werden je 51-mal gezeigt; 0 für alle</translation>
    </message>
    <message>
        <source>no other model</source>
        <translation>kein anderes Modell</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Vergleichen mit</translation>
    </message>
    <message>
        <source>Show the same pictures to a second model</source>
        <translation>Dieselben Bilder einem zweiten Modell zeigen</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>End the measurement; the last result stays</source>
        <translation>Messung beenden; das letzte Ergebnis bleibt</translation>
    </message>
    <message>
        <source>Progress of the measurement</source>
        <translation>Fortschritt der Messung</translation>
    </message>
    <message>
        <source>Show the model its pictures made worse in ten ways of five strengths</source>
        <translation>Dem Modell seine Bilder zeigen, auf zehn Arten in fünf Stärken verschlechtert</translation>
    </message>
    <message>
        <source>Choose a model and a dataset on the left</source>
        <translation>Links ein Modell und einen Datensatz wählen</translation>
    </message>
    <message>
        <source>A measurement is under way</source>
        <translation>Eine Messung läuft</translation>
    </message>
    <message>
        <source>How well does it read what is noisy, blurred, turned, covered or drawn with another pen? Press Measure: its accuracy is taken on the same samples under ten corruptions of five strengths.</source>
        <translation>Wie gut liest es, was verrauscht, unscharf, gedreht, verdeckt oder mit anderem Stift geschrieben ist? Drücke Messen: seine Genauigkeit wird auf denselben Beispielen unter zehn Störungen in fünf Stärken bestimmt.</translation>
    </message>
    <message>
        <source>drawings</source>
        <translation>Zeichnungen</translation>
    </message>
    <message>
        <source>images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>{0}: untouched {1:.1f} %, mean corruption accuracy {2:.1f} % (95&#xa0;%: {3:.1f} to {4:.1f}&#xa0;%), {5:.0f}&#xa0;% lost</source>
        <translation>{0}: unberührt {1:.1f} %, mittlere Genauigkeit unter Störungen {2:.1f} % (95&#xa0;%: {3:.1f} bis {4:.1f}&#xa0;%), {5:.0f}&#xa0;% verloren</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Measuring {0} on {1}</source>
        <translation>{0} wird auf {1} gemessen</translation>
    </message>
    <message>
        <source>Robustness of {0} measured</source>
        <translation>Robustheit von {0} gemessen</translation>
    </message>
    <message>
        <source>Robustness could not be measured</source>
        <translation>Die Robustheit konnte nicht gemessen werden</translation>
    </message>
    <message>
        <source>Measurement cancelled</source>
        <translation>Messung abgebrochen</translation>
    </message>
    <message>
        <source>A sample of the robustness page</source>
        <translation>Ein Beispiel der Robustheitsseite</translation>
    </message>
</context>
<context>
    <name>RobustnessResults</name>
    <message>
        <source>Difference: {0} less {1}, in points</source>
        <translation>Unterschied: {0} minus {1}, in Punkten</translation>
    </message>
    <message>
        <source>Figures in the table</source>
        <translation>Zahlen in der Tabelle</translation>
    </message>
    <message>
        <source>Show one of the models, or what one has more than the other</source>
        <translation>Eines der Modelle zeigen, oder was eines dem anderen voraushat</translation>
    </message>
    <message>
        <source>Corruption</source>
        <translation>Störung</translation>
    </message>
    <message>
        <source>What is done to the pictures</source>
        <translation>Was mit den Bildern geschieht</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>Blue: the second reads better. Orange: it reads worse. No colour: within noise.</source>
        <translation>Blau: das zweite liest besser. Orange: es liest schlechter. Ohne Farbe: im Rauschen.</translation>
    </message>
    <message>
        <source>The more orange, the more of the untouched accuracy is lost.</source>
        <translation>Je mehr Orange, desto mehr der unberührten Genauigkeit geht verloren.</translation>
    </message>
    <message>
        <source>Train against {0}</source>
        <translation>Gegen {0} trainieren</translation>
    </message>
    <message>
        <source>Takes into the training form: {0}</source>
        <translation>Übernimmt ins Trainingsformular: {0}</translation>
    </message>
    <message>
        <source>No setting of a training on drawings makes this of them</source>
        <translation>Keine Einstellung eines Trainings mit Zeichnungen bewirkt dies</translation>
    </message>
    <message>
        <source>No setting of a training on images makes this of them</source>
        <translation>Keine Einstellung eines Trainings mit Bildern bewirkt dies</translation>
    </message>
</context>
<context>
    <name>RobustnessTable</name>
    <message>
        <source>Accuracy by corruption and strength</source>
        <translation>Genauigkeit nach Störung und Stärke</translation>
    </message>
</context>
<context>
    <name>RunActions</name>
    <message>
        <source>{0} deleted.</source>
        <translation>{0} gelöscht.</translation>
    </message>
    <message>
        <source>The run is in {0}</source>
        <translation>Der Lauf liegt in {0}</translation>
    </message>
    <message>
        <source>Test accuracy</source>
        <translation>Testgenauigkeit</translation>
    </message>
    <message>
        <source>Measure {0} on the test data of {1}?</source>
        <translation>{0} an den Testdaten von {1} messen?</translation>
    </message>
    <message>
        <source>It is measured once. Choose your settings by the validation accuracy: a test that settings were chosen by says nothing about unseen data, so runs that are set up otherwise after this one are marked.</source>
        <translation>Sie wird einmal gemessen. Wähle deine Einstellungen nach der Validierungsgenauigkeit: ein Test, nach dem gewählt wurde, sagt nichts über ungesehene Daten; Läufe, die danach anders eingerichtet werden, sind deshalb markiert.</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Measuring {0}…</source>
        <translation>{0} wird gemessen …</translation>
    </message>
    <message>
        <source>Export {0}</source>
        <translation>{0} exportieren</translation>
    </message>
    <message>
        <source>Exported to {0}</source>
        <translation>Nach {0} exportiert</translation>
    </message>
    <message>
        <source>Exporting {0}…</source>
        <translation>{0} wird exportiert …</translation>
    </message>
    <message>
        <source>Import a bundle</source>
        <translation>Erkenner importieren</translation>
    </message>
    <message>
        <source>Bundle in one file (*.zip)</source>
        <translation>Erkenner in einer Datei (*.zip)</translation>
    </message>
    <message>
        <source>Importing…</source>
        <translation>Wird importiert …</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>Importiert</translation>
    </message>
    <message>
        <source>Wait until the other export or test is done</source>
        <translation>Warte, bis der andere Export oder Test fertig ist</translation>
    </message>
    <message>
        <source>{0} reads {1} of its test data rightly</source>
        <translation>{0} liest {1} seiner Testdaten richtig</translation>
    </message>
</context>
<context>
    <name>RunList</name>
    <message>
        <source>Find a run</source>
        <translation>Einen Lauf finden</translation>
    </message>
    <message>
        <source>No run yet. Set one up under New run.</source>
        <translation>Noch kein Lauf. Richte einen unter Neuer Lauf ein.</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Look at the run&apos;s curves</source>
        <translation>Die Kurven des Laufs ansehen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Go on from the last checkpoint</source>
        <translation>Vom letzten Sicherungspunkt weitermachen</translation>
    </message>
    <message>
        <source>Use for drawing</source>
        <translation>Zum Zeichnen benutzen</translation>
    </message>
    <message>
        <source>Let this run read what you draw</source>
        <translation>Diesen Lauf lesen lassen, was du zeichnest</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Select several runs to see their curves in one plot</source>
        <translation>Wähle mehrere Läufe, um ihre Kurven in einem Diagramm zu sehen</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Measure the run once on data that nothing was chosen by</source>
        <translation>Den Lauf einmal an Daten messen, nach denen nichts gewählt wurde</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Write the run&apos;s model, report or table as a file</source>
        <translation>Modell, Bericht oder Tabelle des Laufs als Datei schreiben</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Add a recogniser that was exported as a bundle</source>
        <translation>Einen als Datei exportierten Erkenner hinzufügen</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Give the run another name (F2)</source>
        <translation>Dem Lauf einen anderen Namen geben (F2)</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Write a note beside the run</source>
        <translation>Eine Notiz zum Lauf schreiben</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Open the run&apos;s folder</source>
        <translation>Den Ordner des Laufs öffnen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Put it into the recycle folder</source>
        <translation>In den Papierkorb-Ordner legen</translation>
    </message>
</context>
<context>
    <name>RunModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Validation accuracy (95 %)</source>
        <translation>Validierungsgenauigkeit (95 %)</translation>
    </message>
    <message>
        <source>Test accuracy</source>
        <translation>Testgenauigkeit</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Started {0}</source>
        <translation>Begonnen {0}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
</context>
<context>
    <name>RunView</name>
    <message>
        <source>Progress of the run</source>
        <translation>Fortschritt des Laufs</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Wait after this batch; the trainer keeps its place</source>
        <translation>Nach diesem Batch warten; der Trainer merkt sich seine Stelle</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Go on from where the run stands, or its last checkpoint</source>
        <translation>Dort weitermachen, wo der Lauf steht, oder am letzten Sicherungspunkt</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation>Beenden, Bestes behalten</translation>
    </message>
    <message>
        <source>End now and make a recogniser of the best epoch</source>
        <translation>Jetzt enden und aus der besten Epoche einen Erkenner machen</translation>
    </message>
    <message>
        <source>Cancel and discard</source>
        <translation>Abbrechen und verwerfen</translation>
    </message>
    <message>
        <source>End at once and throw the run away</source>
        <translation>Sofort enden und den Lauf wegwerfen</translation>
    </message>
    <message>
        <source>Use for drawing</source>
        <translation>Zum Zeichnen benutzen</translation>
    </message>
    <message>
        <source>Let this run read what you draw in the Draw tab</source>
        <translation>Diesen Lauf lesen lassen, was du unter Zeichnen schreibst</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Measure the run once on data that nothing was chosen by</source>
        <translation>Den Lauf einmal an Daten messen, nach denen nichts gewählt wurde</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Write the run&apos;s model, report or table as a file</source>
        <translation>Modell, Bericht oder Tabelle des Laufs als Datei schreiben</translation>
    </message>
    <message>
        <source>epoch {0} of {1}</source>
        <translation>Epoche {0} von {1}</translation>
    </message>
    <message>
        <source>{0} images/s</source>
        <translation>{0} Bilder/s</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>noch {0}</translation>
    </message>
    <message>
        <source>no intermediate results</source>
        <translation>ohne Zwischenergebnisse</translation>
    </message>
    <message>
        <source>best validation accuracy {0} in epoch {1}</source>
        <translation>beste Validierungsgenauigkeit {0} in Epoche {1}</translation>
    </message>
    <message>
        <source>test accuracy {0}</source>
        <translation>Testgenauigkeit {0}</translation>
    </message>
    <message>
        <source>learning rate {0}</source>
        <translation>Lernrate {0}</translation>
    </message>
    <message>
        <source>processor {0} %</source>
        <translation>Prozessor {0} %</translation>
    </message>
    <message>
        <source>memory {0}</source>
        <translation>Speicher {0}</translation>
    </message>
    <message>
        <source>graphics memory {0}, at most {1}</source>
        <translation>Grafikspeicher {0}, höchstens {1}</translation>
    </message>
    <message>
        <source>starting: loading the libraries and the data</source>
        <translation>startet: Bibliotheken und Daten werden geladen</translation>
    </message>
    <message>
        <source>{0} · {1} samples to train on, {2} to choose by · {3}</source>
        <translation>{0} · {1} Beispiele zum Lernen, {2} zum Wählen · {3}</translation>
    </message>
    <message>
        <source>{0} parameters</source>
        <translation>{0} Parameter</translation>
    </message>
</context>
<context>
    <name>RunWorker</name>
    <message>
        <source>The trainer cannot be started: {0}.</source>
        <translation>Der Trainer lässt sich nicht starten: {0}.</translation>
    </message>
    <message>
        <source>Install EMNIST Desktop again, or free some space on the disk.</source>
        <translation>Installiere EMNIST Desktop neu, oder schaffe Platz auf der Platte.</translation>
    </message>
    <message>
        <source>The trainer ended without a word.</source>
        <translation>Der Trainer endete ohne ein Wort.</translation>
    </message>
    <message>
        <source>Resume goes on from the last checkpoint.</source>
        <translation>Fortsetzen macht am letzten Sicherungspunkt weiter.</translation>
    </message>
    <message>
        <source>The trainer was ended by the system (signal {0}).</source>
        <translation>Der Trainer wurde vom System beendet (Signal {0}).</translation>
    </message>
    <message>
        <source>Most often memory ran out: close other programs. Resume goes on from the last checkpoint.</source>
        <translation>Meist war der Speicher voll: schließe andere Programme. Fortsetzen macht am letzten Sicherungspunkt weiter.</translation>
    </message>
    <message>
        <source>The whole log is in the run&apos;s folder.</source>
        <translation>Das ganze Protokoll liegt im Ordner des Laufs.</translation>
    </message>
</context>
<context>
    <name>RunsView</name>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Show the runs that learnt from one dataset only</source>
        <translation>Nur die Läufe zeigen, die aus einem Datensatz gelernt haben</translation>
    </message>
    <message>
        <source>All datasets</source>
        <translation>Alle Datensätze</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Write the table as CSV</source>
        <translation>Die Tabelle als CSV schreiben</translation>
    </message>
    <message>
        <source>No run has finished an epoch yet. Train two models in the Training tab.</source>
        <translation>Noch hat kein Lauf eine Epoche beendet. Trainiere zwei Modelle unter Training.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Leaderboard of the runs</source>
        <translation>Bestenliste der Läufe</translation>
    </message>
    <message>
        <source>Choose two runs: is one better, or was it lucky?</source>
        <translation>Wähle zwei Läufe: ist einer besser, oder hatte er Glück?</translation>
    </message>
    <message>
        <source>Click them in the table or in the plot; click again to leave one out.</source>
        <translation>Klicke sie in der Tabelle oder im Diagramm an; ein weiterer Klick lässt einen weg.</translation>
    </message>
    <message>
        <source>On {0:,} samples of {1}.</source>
        <translation>Auf {0:,} Beispielen von {1}.</translation>
    </message>
    <message>
        <source>They can be measured on a dataset: choose one on the left.</source>
        <translation>Sie lassen sich an einem Datensatz messen: wähle links einen.</translation>
    </message>
    <message>
        <source>On the {0:,} samples by which both chose their best epoch.</source>
        <translation>Auf den {0:,} Beispielen, nach denen beide ihre beste Epoche wählten.</translation>
    </message>
    <message>
        <source>Read rightly by {0} and {1}</source>
        <translation>Von {0} und {1} richtig gelesen</translation>
    </message>
    <message>
        <source>Read rightly by {0}, not by {1}</source>
        <translation>Von {0} richtig gelesen, von {1} nicht</translation>
    </message>
    <message>
        <source>Read rightly by {1}, not by {0}</source>
        <translation>Von {1} richtig gelesen, von {0} nicht</translation>
    </message>
    <message>
        <source>Misread by {0} and {1}</source>
        <translation>Von {0} und {1} falsch gelesen</translation>
    </message>
    <message>
        <source>Measure both on {0}</source>
        <translation>Beide an {0} messen</translation>
    </message>
    <message>
        <source>Measure both</source>
        <translation>Beide messen</translation>
    </message>
    <message>
        <source>Let both read the same samples, and compare their answers</source>
        <translation>Beide dieselben Beispiele lesen lassen und ihre Antworten vergleichen</translation>
    </message>
    <message>
        <source>Choose a dataset on the left</source>
        <translation>Links einen Datensatz wählen</translation>
    </message>
    <message>
        <source>Choose two finished runs</source>
        <translation>Zwei beendete Läufe wählen</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>Tabelle exportieren</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>{0} written</source>
        <translation>{0} geschrieben</translation>
    </message>
</context>
<context>
    <name>SampleSheet</name>
    <message>
        <source>Samples: {0}</source>
        <translation>Beispiele: {0}</translation>
    </message>
    <message>
        <source>No samples</source>
        <translation>Keine Beispiele</translation>
    </message>
</context>
<context>
    <name>SamplesDialog</name>
    <message>
        <source>My samples</source>
        <translation>Meine Beispiele</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Remove the selected samples (Del)</source>
        <translation>Die ausgewählten Beispiele entfernen (Entf)</translation>
    </message>
    <message>
        <source>Export &amp;archive…</source>
        <translation>&amp;Archiv exportieren …</translation>
    </message>
    <message>
        <source>Export &amp;pictures…</source>
        <translation>&amp;Bilder exportieren …</translation>
    </message>
    <message>
        <source>Export archive</source>
        <translation>Archiv exportieren</translation>
    </message>
    <message>
        <source>Pen archives (*.npz)</source>
        <translation>Stiftarchive (*.npz)</translation>
    </message>
    <message>
        <source>Export pictures</source>
        <translation>Bilder exportieren</translation>
    </message>
</context>
<context>
    <name>SamplesModel</name>
    <message>
        <source>Drawing</source>
        <translation>Zeichnung</translation>
    </message>
    <message>
        <source>Character</source>
        <translation>Zeichen</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
</context>
<context>
    <name>Scatter</name>
    <message>
        <source>Accuracy against cost, a point for each run</source>
        <translation>Genauigkeit über den Kosten, ein Punkt je Lauf</translation>
    </message>
    <message>
        <source>Map of samples</source>
        <translation>Karte der Beispiele</translation>
    </message>
    <message>
        <source>{0} samples of {1} classes</source>
        <translation>{0} Beispiele aus {1} Klassen</translation>
    </message>
    <message>
        <source>{0}  ·  no. {1}</source>
        <translation>{0}  ·  Nr. {1}</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Earlier ones</source>
        <translation>Frühere</translation>
    </message>
    <message>
        <source>Begin anew, or look at what was tried before</source>
        <translation>Neu beginnen, oder ansehen, was früher versucht wurde</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>End it for now; what is done stays, and it can go on later</source>
        <translation>Vorerst beenden; was fertig ist, bleibt, und es kann später weitergehen</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Remove it with all its trainings from this computer</source>
        <translation>Mit allen Trainings von diesem Rechner entfernen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete {0} with all its trainings?</source>
        <translation>{0} mit allen Trainings löschen?</translation>
    </message>
</context>
<context>
    <name>SearchPage</name>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Which settings read best?</source>
        <translation>Welche Einstellungen lesen am besten?</translation>
    </message>
    <message>
        <source>Cross-validation</source>
        <translation>Kreuzvalidierung</translation>
    </message>
    <message>
        <source>How sure is the accuracy?</source>
        <translation>Wie sicher ist die Genauigkeit?</translation>
    </message>
    <message>
        <source>Learning curve</source>
        <translation>Lernkurve</translation>
    </message>
    <message>
        <source>Would more samples help?</source>
        <translation>Würden mehr Beispiele helfen?</translation>
    </message>
    <message>
        <source>{0} · {1} samples</source>
        <translation>{0} · {1} Beispiele</translation>
    </message>
</context>
<context>
    <name>SearchPart</name>
    <message>
        <source>How much is done</source>
        <translation>Wie viel fertig ist</translation>
    </message>
    <message>
        <source>The first results come in a moment…</source>
        <translation>Gleich kommen die ersten Ergebnisse …</translation>
    </message>
    <message>
        <source>The profile cannot be written to: {0}.</source>
        <translation>Ins Profil lässt sich nicht schreiben: {0}.</translation>
    </message>
    <message>
        <source>Trainings have begun</source>
        <translation>Die Trainings haben begonnen</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>All trainings are done</source>
        <translation>Alle Trainings sind fertig</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <source>Another one is under way; stop it first</source>
        <translation>Ein anderes läuft; halte es zuerst an</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Train again and again, beside what you do</source>
        <translation>Immer wieder trainieren, neben dem, was du tust</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Takes effect when the program is started again.</source>
        <translation>Wirkt beim nächsten Start des Programms.</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Thema</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>&amp;Pen</source>
        <translation>S&amp;tift</translation>
    </message>
    <message>
        <source>T&amp;rain on</source>
        <translation>T&amp;rainieren auf</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source> px wide</source>
        <translation> px breit</translation>
    </message>
    <message>
        <source>On the screen; the recogniser sees every width alike</source>
        <translation>Auf dem Bildschirm; der Erkenner sieht jede Breite gleich</translation>
    </message>
    <message>
        <source>Graphics card, if there is one</source>
        <translation>Grafikkarte, wenn es eine gibt</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Graphics card only</source>
        <translation>Nur Grafikkarte</translation>
    </message>
    <message>
        <source>For new runs, until the form says otherwise</source>
        <translation>Für neue Läufe, bis das Formular etwas anderes sagt</translation>
    </message>
    <message>
        <source>Everything lies in {0}</source>
        <translation>Alles liegt in {0}</translation>
    </message>
    <message>
        <source>Datasets</source>
        <translation>Datensätze</translation>
    </message>
    <message>
        <source>My samples</source>
        <translation>Meine Beispiele</translation>
    </message>
    <message>
        <source>Training runs</source>
        <translation>Trainingsläufe</translation>
    </message>
    <message>
        <source>Unfinished downloads</source>
        <translation>Unfertige Downloads</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Protokolle</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open the folder of: {0}</source>
        <translation>Den Ordner öffnen: {0}</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>Aufräumen</translation>
    </message>
    <message>
        <source>Clean: {0}</source>
        <translation>Aufräumen: {0}</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
</context>
<context>
    <name>SetupForm</name>
    <message>
        <source>Plus my samples</source>
        <translation>Dazu meine Beispiele</translation>
    </message>
    <message>
        <source>Also learn from the characters that you have confirmed in the Draw tab</source>
        <translation>Auch aus den Zeichen lernen, die du unter Zeichnen bestätigt hast</translation>
    </message>
    <message>
        <source>a part of the dataset</source>
        <translation>ein Teil des Datensatzes</translation>
    </message>
    <message>
        <source>{0} parameters for {1} classes.</source>
        <translation>{0} Parameter für {1} Klassen.</translation>
    </message>
    <message>
        <source>It gives no intermediate results.</source>
        <translation>Es gibt keine Zwischenergebnisse.</translation>
    </message>
    <message>
        <source>Source: {0}</source>
        <translation>Quelle: {0}</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Against learning by heart</source>
        <translation>Gegen Auswendiglernen</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>Augmentierung</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Nothing varies: there is nothing to set.</source>
        <translation>Nichts variiert: es gibt nichts einzustellen.</translation>
    </message>
</context>
<context>
    <name>SetupPage</name>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Begin the training; it goes on while you do other things.
So that it begins at once, a trainer is kept ready while this tab is shown; it takes about {0} of memory.</source>
        <translation>Das Training beginnen; es läuft weiter, während du anderes tust.
Damit es sofort losgeht, steht ein Trainer bereit, solange dieser Reiter gezeigt wird; er braucht etwa {0} Speicher.</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>Schätzen</translation>
    </message>
    <message>
        <source>Try two batches: how many parameters, how much memory, how long an epoch</source>
        <translation>Zwei Batches versuchen: wie viele Parameter, wie viel Speicher, wie lang eine Epoche</translation>
    </message>
    <message>
        <source>Load…</source>
        <translation>Laden …</translation>
    </message>
    <message>
        <source>Fill the form from a file</source>
        <translation>Das Formular aus einer Datei füllen</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Keep the form as a file, which python -m trainer train --config takes too</source>
        <translation>Das Formular als Datei behalten, die auch python -m trainer train --config nimmt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>End what is being prepared; nothing is left of it</source>
        <translation>Beenden, was vorbereitet wird; nichts davon bleibt</translation>
    </message>
    <message>
        <source>{0} (made at the start)</source>
        <translation>{0} (wird zu Beginn erzeugt)</translation>
    </message>
    <message>
        <source>{0} · {1} samples</source>
        <translation>{0} · {1} Beispiele</translation>
    </message>
    <message>
        <source>Making {0}</source>
        <translation>{0} wird erzeugt</translation>
    </message>
    <message>
        <source>Nothing was started</source>
        <translation>Nichts wurde gestartet</translation>
    </message>
    <message>
        <source>Trying two batches …</source>
        <translation>Zwei Batches werden versucht …</translation>
    </message>
    <message>
        <source>Save the settings</source>
        <translation>Einstellungen speichern</translation>
    </message>
    <message>
        <source>The settings cannot be saved: {0}.</source>
        <translation>Die Einstellungen lassen sich nicht speichern: {0}.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Wähle einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Load settings</source>
        <translation>Einstellungen laden</translation>
    </message>
    <message>
        <source>The file cannot be read: {0}.</source>
        <translation>Die Datei lässt sich nicht lesen: {0}.</translation>
    </message>
</context>
<context>
    <name>Shares</name>
    <message>
        <source>How sure the model was</source>
        <translation>Wie sicher das Modell war</translation>
    </message>
    <message>
        <source>true</source>
        <translation>wahr</translation>
    </message>
</context>
<context>
    <name>Side</name>
    <message>
        <source>Show or hide the list of datasets</source>
        <translation>Die Liste der Datensätze zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Datasets</source>
        <translation>Datensätze</translation>
    </message>
    <message>
        <source>Datasets; open: {0}</source>
        <translation>Datensätze; geöffnet: {0}</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Recogniser in use</source>
        <translation>Benutzter Erkenner</translation>
    </message>
    <message>
        <source>Alphabet</source>
        <translation>Alphabet</translation>
    </message>
    <message>
        <source>Which characters may be the answer</source>
        <translation>Welche Zeichen die Antwort sein können</translation>
    </message>
    <message>
        <source>All (47, C c merged)</source>
        <translation>Alle (47, C c vereint)</translation>
    </message>
    <message>
        <source>All with case (62)</source>
        <translation>Alle, groß und klein (62)</translation>
    </message>
    <message>
        <source>Digits</source>
        <translation>Ziffern</translation>
    </message>
    <message>
        <source>Letters</source>
        <translation>Buchstaben</translation>
    </message>
    <message>
        <source>Capitals</source>
        <translation>Großbuchstaben</translation>
    </message>
    <message>
        <source>Small letters</source>
        <translation>Kleinbuchstaben</translation>
    </message>
    <message>
        <source>Bundled recogniser</source>
        <translation>Mitgelieferter Erkenner</translation>
    </message>
    <message>
        <source>From runs</source>
        <translation>Aus Läufen</translation>
    </message>
    <message>
        <source>Open bundle…</source>
        <translation>Erkenner öffnen …</translation>
    </message>
    <message>
        <source>Recogniser</source>
        <translation>Erkenner</translation>
    </message>
    <message>
        <source>What the
network saw:
28×28 pixels</source>
        <translation>Was das
Netz sah:
28×28 Pixel</translation>
    </message>
</context>
<context>
    <name>Sides</name>
    <message>
        <source>These are {0}</source>
        <translation>Dies sind {0}</translation>
    </message>
    <message>
        <source>{0}, taken for {1}: {2:,}</source>
        <translation>{0}, für {1} gehalten: {2:,}</translation>
    </message>
</context>
<context>
    <name>SizesChart</name>
    <message>
        <source>Accuracy against the number of training samples</source>
        <translation>Genauigkeit über der Zahl der Trainingsbeispiele</translation>
    </message>
    <message>
        <source>Accuracy against the number of samples appears here, a point for each size.</source>
        <translation>Genauigkeit über der Zahl der Beispiele erscheint hier, ein Punkt je Anzahl.</translation>
    </message>
    <message>
        <source>samples to train on</source>
        <translation>Beispiele zum Lernen</translation>
    </message>
</context>
<context>
    <name>SizesPart</name>
    <message>
        <source>100, 300, 1000, … up to all</source>
        <translation>100, 300, 1000, … bis zu allen</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>Anzahlen</translation>
    </message>
    <message>
        <source>Numbers of samples to train on, with commas</source>
        <translation>Zahlen von Trainingsbeispielen, mit Kommas</translation>
    </message>
    <message>
        <source>Trainings a size</source>
        <translation>Trainings je Anzahl</translation>
    </message>
    <message>
        <source>Each with other samples and another start; more show how much is chance</source>
        <translation>Jedes mit anderen Beispielen und anderem Anfang; mehr zeigen, wie viel Zufall ist</translation>
    </message>
    <message>
        <source>Would more samples help? The same model is trained on more and more of them and measured on the same validation data. A curve that still rises says yes; one that has become flat says: try another model.</source>
        <translation>Würden mehr Beispiele helfen? Dasselbe Modell wird mit immer mehr davon trainiert und an denselben Validierungsdaten gemessen. Eine noch steigende Kurve sagt ja; eine flach gewordene sagt: versuche ein anderes Modell.</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>New learning curve</source>
        <translation>Neue Lernkurve</translation>
    </message>
    <message>
        <source>Train once for each size</source>
        <translation>Einmal für jede Anzahl trainieren</translation>
    </message>
    <message>
        <source>Expected whole numbers with commas. Received: {0}.</source>
        <translation>Erwartet: ganze Zahlen mit Kommas. Erhalten: {0}.</translation>
    </message>
    <message>
        <source>For instance 100, 300, 1000.</source>
        <translation>Zum Beispiel 100, 300, 1000.</translation>
    </message>
    <message>
        <source>{0} on {1}: {2} of {3} trainings are done.</source>
        <translation>{0} auf {1}: {2} von {3} Trainings sind fertig.</translation>
    </message>
</context>
<context>
    <name>Sketch</name>
    <message>
        <source>Draw here: everything beside it follows</source>
        <translation>Zeichne hier: alles daneben folgt</translation>
    </message>
</context>
<context>
    <name>SlicePlot</name>
    <message>
        <source>A field against accuracy, a dot for each trial</source>
        <translation>Ein Feld über der Genauigkeit, ein Punkt je Versuch</translation>
    </message>
    <message>
        <source>Each trial will be a dot here: one field to the right, accuracy upwards.</source>
        <translation>Jeder Versuch wird hier ein Punkt sein: ein Feld nach rechts, Genauigkeit nach oben.</translation>
    </message>
</context>
<context>
    <name>SourceBar</name>
    <message>
        <source>The picture that the model was given</source>
        <translation>Das Bild, das dem Modell gegeben wurde</translation>
    </message>
    <message>
        <source>My drawing</source>
        <translation>Meine Zeichnung</translation>
    </message>
    <message>
        <source>What is drawn at the left, live</source>
        <translation>Was links gezeichnet ist, sofort</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>Beispiel</translation>
    </message>
    <message>
        <source>A sample of the dataset that is chosen on the left</source>
        <translation>Ein Beispiel des links gewählten Datensatzes</translation>
    </message>
    <message>
        <source>The sample before</source>
        <translation>Das Beispiel davor</translation>
    </message>
    <message>
        <source>Previous sample</source>
        <translation>Voriges Beispiel</translation>
    </message>
    <message>
        <source>Number of the sample</source>
        <translation>Nummer des Beispiels</translation>
    </message>
    <message>
        <source>Number of the sample in the dataset</source>
        <translation>Nummer des Beispiels im Datensatz</translation>
    </message>
    <message>
        <source>The sample after</source>
        <translation>Das Beispiel danach</translation>
    </message>
    <message>
        <source>Next sample</source>
        <translation>Nächstes Beispiel</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>Zufällig</translation>
    </message>
    <message>
        <source>Any sample of the dataset</source>
        <translation>Irgendein Beispiel des Datensatzes</translation>
    </message>
    <message>
        <source>Nothing is drawn. Draw in the square, or look at a sample.</source>
        <translation>Nichts ist gezeichnet. Zeichne im Quadrat, oder sieh ein Beispiel an.</translation>
    </message>
    <message>
        <source>{0} {1:.1%}</source>
        <translation>{0} {1:.1%}</translation>
    </message>
    <message>
        <source>Read as {0}</source>
        <translation>Gelesen als {0}</translation>
    </message>
    <message>
        <source>Labelled {0}, read as {1}</source>
        <translation>Klasse {0}, gelesen als {1}</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>stopped early</source>
        <translation>früh beendet</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>importiert</translation>
    </message>
</context>
<context>
    <name>StudyPart</name>
    <message>
        <source>Learning from trials (TPE)</source>
        <translation>Aus Versuchen lernen (TPE)</translation>
    </message>
    <message>
        <source>Begins at random, then tries more of what read well</source>
        <translation>Beginnt zufällig und versucht dann mehr von dem, was gut las</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>Zufällig</translation>
    </message>
    <message>
        <source>Draws values at random</source>
        <translation>Zieht zufällige Werte</translation>
    </message>
    <message>
        <source>Every combination (grid)</source>
        <translation>Jede Kombination (Gitter)</translation>
    </message>
    <message>
        <source>Tries all; needs single values, or ranges with a step</source>
        <translation>Versucht alle; braucht einzelne Werte oder Bereiche mit Schritt</translation>
    </message>
    <message>
        <source>How the next values are chosen</source>
        <translation>Wie die nächsten Werte gewählt werden</translation>
    </message>
    <message>
        <source>How often it is trained, each time with other settings</source>
        <translation>Wie oft trainiert wird, jedes Mal mit anderen Einstellungen</translation>
    </message>
    <message>
        <source>End hopeless trainings early</source>
        <translation>Aussichtslose Trainings früh beenden</translation>
    </message>
    <message>
        <source>A training that reads worse than most others did after as many epochs ends</source>
        <translation>Ein Training, das nach ebenso vielen Epochen schlechter liest als die meisten anderen, endet</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>auf diesem Rechner</translation>
    </message>
    <message>
        <source>A file on a shared disk, or the address of a database: start the same search of the same name on several computers, and they share the work</source>
        <translation>Eine Datei auf einer gemeinsamen Platte, oder die Adresse einer Datenbank: starte dieselbe Suche mit demselben Namen auf mehreren Rechnern, und sie teilen sich die Arbeit</translation>
    </message>
    <message>
        <source>made up</source>
        <translation>erfunden</translation>
    </message>
    <message>
        <source>Small letters, digits and hyphens</source>
        <translation>Kleinbuchstaben, Ziffern und Bindestriche</translation>
    </message>
    <message>
        <source>New search</source>
        <translation>Neue Suche</translation>
    </message>
    <message>
        <source>Train with other settings each time, and remember which read best</source>
        <translation>Jedes Mal mit anderen Einstellungen trainieren und merken, welche am besten lesen</translation>
    </message>
    <message>
        <source>{0} more trials</source>
        <translation>{0} weitere Versuche</translation>
    </message>
    <message>
        <source>This search was made by another version of the program.</source>
        <translation>Diese Suche wurde von einer anderen Version des Programms gemacht.</translation>
    </message>
    <message>
        <source>{0} on {1}: {2}. {3} of {4} trials are done.</source>
        <translation>{0} auf {1}: {2}. {3} von {4} Versuchen sind fertig.</translation>
    </message>
    <message>
        <source>The best reads {0} % of the validation data.</source>
        <translation>Der beste liest {0} % der Validierungsdaten.</translation>
    </message>
    <message>
        <source>There is a search {0} already.</source>
        <translation>Es gibt schon eine Suche {0}.</translation>
    </message>
    <message>
        <source>Choose it above to go on with it, or choose another name.</source>
        <translation>Wähle sie oben, um sie fortzusetzen, oder wähle einen anderen Namen.</translation>
    </message>
    <message>
        <source>{0} combinations</source>
        <translation>{0} Kombinationen</translation>
    </message>
    <message>
        <source>Several computers</source>
        <translation>Mehrere Rechner</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Shared in</source>
        <translation>Geteilt in</translation>
    </message>
    <message>
        <source>Fields to vary</source>
        <translation>Zu variierende Felder</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Trials</source>
        <translation>Versuche</translation>
    </message>
</context>
<context>
    <name>StudyResults</name>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>The field whose values are shown against accuracy</source>
        <translation>Das Feld, dessen Werte über der Genauigkeit gezeigt werden</translation>
    </message>
    <message>
        <source>Make this a run</source>
        <translation>Daraus einen Lauf machen</translation>
    </message>
    <message>
        <source>Train with the settings of the chosen trial, in the Training tab</source>
        <translation>Mit den Einstellungen des gewählten Versuchs trainieren, unter Training</translation>
    </message>
    <message>
        <source>Take to the form</source>
        <translation>Ins Formular übernehmen</translation>
    </message>
    <message>
        <source>Fill the form of the Training tab, to change something before the start</source>
        <translation>Das Formular unter Training füllen, um vor dem Start etwas zu ändern</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>For other computers: started there, it takes part in this search</source>
        <translation>Für andere Rechner: dort gestartet, nimmt er an dieser Suche teil</translation>
    </message>
    <message>
        <source>Trials</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>Every training with its settings</source>
        <translation>Jedes Training mit seinen Einstellungen</translation>
    </message>
    <message>
        <source>All fields</source>
        <translation>Alle Felder</translation>
    </message>
    <message>
        <source>Which settings go together: a line for each trial</source>
        <translation>Welche Einstellungen zusammengehören: eine Linie je Versuch</translation>
    </message>
    <message>
        <source>One field</source>
        <translation>Ein Feld</translation>
    </message>
    <message>
        <source>How accuracy depends on one field</source>
        <translation>Wie die Genauigkeit von einem Feld abhängt</translation>
    </message>
    <message>
        <source>What matters</source>
        <translation>Was zählt</translation>
    </message>
    <message>
        <source>Which fields the differences come from (fANOVA)</source>
        <translation>Von welchen Feldern die Unterschiede kommen (fANOVA)</translation>
    </message>
    <message>
        <source>Trial {0}</source>
        <translation>Versuch {0}</translation>
    </message>
    <message>
        <source>Trial {0}, the best</source>
        <translation>Versuch {0}, der beste</translation>
    </message>
</context>
<context>
    <name>SubjectPanel</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Open a model…</source>
        <translation>Modell öffnen …</translation>
    </message>
    <message>
        <source>A Keras or LiteRT file, or the card of a recogniser</source>
        <translation>Eine Keras- oder LiteRT-Datei, oder die Karte eines Erkenners</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Part of the dataset</source>
        <translation>Teil des Datensatzes</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>nicht benutzbar</translation>
    </message>
    <message>
        <source>none yet: see Datasets</source>
        <translation>noch keiner: siehe Datensätze</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Ein Modell öffnen</translation>
    </message>
    <message>
        <source>Models (*.keras *.tflite bundle.json)</source>
        <translation>Modelle (*.keras *.tflite bundle.json)</translation>
    </message>
    <message>
        <source>The characters of its classes, in order:
(a name, or the characters)</source>
        <translation>Die Zeichen seiner Klassen, der Reihe nach:
(ein Name, oder die Zeichen)</translation>
    </message>
</context>
<context>
    <name>TermsDialog</name>
    <message>
        <source>Terms of {0}</source>
        <translation>Bedingungen von {0}</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>Bedingungen</translation>
    </message>
    <message>
        <source>Please cite</source>
        <translation>Bitte zitieren</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Terms and citation</source>
        <translation>Bedingungen und Zitat</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>Toolbar</name>
    <message>
        <source>Pen width in pixels</source>
        <translation>Stiftbreite in Pixeln</translation>
    </message>
    <message>
        <source>Pen width ([ and ])</source>
        <translation>Stiftbreite ([ und ])</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
</context>
<context>
    <name>Trainer</name>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>What to learn from: a name of the catalogue, such as starter or mnist (all of them: python -m trainer datasets list), or a file or folder.</source>
        <translation>Woraus gelernt wird: ein Name der Liste, wie starter oder mnist (alle nennt: python -m trainer datasets list), oder eine Datei oder ein Ordner.</translation>
    </message>
    <message>
        <source>More data to train on</source>
        <translation>Weitere Daten zum Lernen</translation>
    </message>
    <message>
        <source>Datasets whose samples are added to those to train on, never to those to choose by.</source>
        <translation>Datensätze, deren Beispiele zum Lernen dazukommen, nie zum Wählen.</translation>
    </message>
    <message>
        <source>Share of the added data</source>
        <translation>Anteil der zusätzlichen Daten</translation>
    </message>
    <message>
        <source>Their part of each epoch; 0 takes every sample as often as any other.</source>
        <translation>Ihr Teil jeder Epoche; 0 nimmt jedes Beispiel so oft wie jedes andere.</translation>
    </message>
    <message>
        <source>Validation data</source>
        <translation>Validierungsdaten</translation>
    </message>
    <message>
        <source>Data to choose the best epoch by, named as the dataset is; empty sets a part of the dataset aside.</source>
        <translation>Daten, nach denen die beste Epoche gewählt wird, benannt wie der Datensatz; leer legt einen Teil des Datensatzes beiseite.</translation>
    </message>
    <message>
        <source>Validation share</source>
        <translation>Validierungsanteil</translation>
    </message>
    <message>
        <source>Part of the data that is set aside to choose the best epoch by.</source>
        <translation>Teil der Daten, der beiseitegelegt wird, um die beste Epoche zu wählen.</translation>
    </message>
    <message>
        <source>Subset</source>
        <translation>Teilmenge</translation>
    </message>
    <message>
        <source>Train on so many samples chosen at random; 0 for all. Fewer is faster and reads worse.</source>
        <translation>Mit so vielen zufällig gewählten Beispielen trainieren; 0 für alle. Weniger ist schneller und liest schlechter.</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>Ausgleich</translation>
    </message>
    <message>
        <source>0 draws samples as they come, 1 draws every class equally often.</source>
        <translation>0 zieht Beispiele, wie sie kommen, 1 zieht jede Klasse gleich oft.</translation>
    </message>
    <message>
        <source>Screen after</source>
        <translation>Prüfen nach</translation>
    </message>
    <message>
        <source>After so many epochs, samples whose label the network finds very unlikely are set aside as wrongly labelled; 0 for never.</source>
        <translation>Nach so vielen Epochen werden Beispiele, deren Klasse das Netz für sehr unwahrscheinlich hält, als falsch benannt beiseitegelegt; 0 für nie.</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>Screen below</source>
        <translation>Prüfen unter</translation>
    </message>
    <message>
        <source>Probability below which a label counts as wrong.</source>
        <translation>Wahrscheinlichkeit, unter der eine Klasse als falsch gilt.</translation>
    </message>
    <message>
        <source>Vary images</source>
        <translation>Bilder variieren</translation>
    </message>
    <message>
        <source>Moves, turns and bends images a little, anew in every epoch, so that the network does not learn them by heart.</source>
        <translation>Verschiebt, dreht und biegt Bilder ein wenig, in jeder Epoche neu, damit das Netz sie nicht auswendig lernt.</translation>
    </message>
    <message>
        <source>Vary drawings</source>
        <translation>Zeichnungen variieren</translation>
    </message>
    <message>
        <source>The same for datasets of drawings: another hand, another pen.</source>
        <translation>Dasselbe für Datensätze aus Zeichnungen: eine andere Hand, ein anderer Stift.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>What is trained; see: python -m trainer presets.</source>
        <translation>Was trainiert wird; siehe: python -m trainer presets.</translation>
    </message>
    <message>
        <source>Options of the model</source>
        <translation>Optionen des Modells</translation>
    </message>
    <message>
        <source>Settings that only this model has.</source>
        <translation>Einstellungen, die nur dieses Modell hat.</translation>
    </message>
    <message>
        <source>Image size</source>
        <translation>Bildgröße</translation>
    </message>
    <message>
        <source>The network first brings the images to this side; 0 leaves them as they are.</source>
        <translation>Das Netz bringt die Bilder zuerst auf diese Seitenlänge; 0 lässt sie, wie sie sind.</translation>
    </message>
    <message>
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>Beginnen mit</translation>
    </message>
    <message>
        <source>Folder of a recogniser of the same kind whose weights to begin with; empty for random ones.</source>
        <translation>Ordner eines Erkenners derselben Art, mit dessen Gewichten begonnen wird; leer für zufällige.</translation>
    </message>
    <message>
        <source>Teacher</source>
        <translation>Lehrer</translation>
    </message>
    <message>
        <source>Folder of a recogniser whose answers are mixed into what the network shall say.</source>
        <translation>Ordner eines Erkenners, dessen Antworten dem beigemischt werden, was das Netz sagen soll.</translation>
    </message>
    <message>
        <source>Share of the teacher</source>
        <translation>Anteil des Lehrers</translation>
    </message>
    <message>
        <source>Part of the target that is the teacher&apos;s answer.</source>
        <translation>Teil des Ziels, der die Antwort des Lehrers ist.</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>How often the network sees all of the data. More learns more, until it learns by heart.</source>
        <translation>Wie oft das Netz alle Daten sieht. Mehr lernt mehr, bis es auswendig lernt.</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Batchgröße</translation>
    </message>
    <message>
        <source>Samples the network sees between two corrections. Larger is faster, smaller often reads better.</source>
        <translation>Beispiele, die das Netz zwischen zwei Korrekturen sieht. Größer ist schneller, kleiner liest oft besser.</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>Optimierer</translation>
    </message>
    <message>
        <source>How corrections are made. Adam suits nearly everything; Adadelta is slow to start.</source>
        <translation>Wie korrigiert wird. Adam passt fast immer; Adadelta kommt langsam in Gang.</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>How large each correction is. Too large and the loss jumps or is no number; too small and nothing moves.</source>
        <translation>Wie groß jede Korrektur ist. Zu groß, und der Verlust springt oder ist keine Zahl; zu klein, und nichts bewegt sich.</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Constant keeps the rate; cosine lets it rise and then fall to zero; plateau halves it when validation gets no better for three epochs.</source>
        <translation>Constant hält die Rate; cosine lässt sie steigen und dann auf null fallen; plateau halbiert sie, wenn die Validierung drei Epochen lang nicht besser wird.</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Aufwärmen</translation>
    </message>
    <message>
        <source>Epochs in which the rate of the cosine rises to its highest.</source>
        <translation>Epochen, in denen die Rate des Kosinus auf ihren höchsten Wert steigt.</translation>
    </message>
    <message>
        <source>Early stopping</source>
        <translation>Frühes Ende</translation>
    </message>
    <message>
        <source>Stop when validation got no better for so many epochs; 0 goes on to the end.</source>
        <translation>Enden, wenn die Validierung so viele Epochen lang nicht besser wurde; 0 geht bis zum Schluss.</translation>
    </message>
    <message>
        <source>Averaging</source>
        <translation>Mittelung</translation>
    </message>
    <message>
        <source>The weights are averaged over about so many epochs, which reads better than the last ones; 0 takes the last ones.</source>
        <translation>Die Gewichte werden über etwa so viele Epochen gemittelt, was besser liest als die letzten; 0 nimmt die letzten.</translation>
    </message>
    <message>
        <source>Gradient limit</source>
        <translation>Gradientengrenze</translation>
    </message>
    <message>
        <source>Corrections longer than this are cut to it, which tames a loss that jumps; 0 for no limit.</source>
        <translation>Längere Korrekturen werden darauf gekürzt, was einen springenden Verlust zähmt; 0 für keine Grenze.</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>Dropout</translation>
    </message>
    <message>
        <source>Part of the features that is hidden at random while training, so that the network relies on no single one.</source>
        <translation>Teil der Merkmale, der beim Lernen zufällig verborgen wird, damit sich das Netz auf kein einzelnes verlässt.</translation>
    </message>
    <message>
        <source>L2 penalty</source>
        <translation>L2-Strafe</translation>
    </message>
    <message>
        <source>How much large weights cost; keeps the network simple.</source>
        <translation>Wie viel große Gewichte kosten; hält das Netz einfach.</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>Gewichtsschwund</translation>
    </message>
    <message>
        <source>By how much every weight shrinks with each correction; for AdamW.</source>
        <translation>Um wie viel jedes Gewicht mit jeder Korrektur schrumpft; für AdamW.</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>Zielglättung</translation>
    </message>
    <message>
        <source>Part of the target that is spread over all classes, so that the network is never quite sure.</source>
        <translation>Teil des Ziels, der über alle Klassen verteilt wird, damit das Netz nie ganz sicher ist.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Start of all random numbers: the same seed gives the same run.</source>
        <translation>Anfang aller Zufallszahlen: derselbe Startwert gibt denselben Lauf.</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Auto takes the graphics processor where TensorFlow finds one.</source>
        <translation>Auto nimmt den Grafikprozessor, wo TensorFlow einen findet.</translation>
    </message>
    <message>
        <source>Number format</source>
        <translation>Zahlenformat</translation>
    </message>
    <message>
        <source>mixed_bfloat16 computes with shorter numbers: faster where the processor has them.</source>
        <translation>mixed_bfloat16 rechnet mit kürzeren Zahlen: schneller, wo der Prozessor sie kennt.</translation>
    </message>
    <message>
        <source>Steps a call</source>
        <translation>Schritte je Aufruf</translation>
    </message>
    <message>
        <source>Batches computed without a look at what you ask for; 0 chooses by the network&apos;s size.</source>
        <translation>Batches, die ohne einen Blick auf deine Wünsche gerechnet werden; 0 wählt nach der Größe des Netzes.</translation>
    </message>
    <message>
        <source>k-nearest neighbours</source>
        <translation>k nächste Nachbarn</translation>
    </message>
    <message>
        <source>Looks up the most similar training images and lets them vote; nothing is learnt.</source>
        <translation>Sucht die ähnlichsten Trainingsbilder und lässt sie abstimmen; gelernt wird nichts.</translation>
    </message>
    <message>
        <source>Neighbours</source>
        <translation>Nachbarn</translation>
    </message>
    <message>
        <source>How many of the most similar images vote.</source>
        <translation>Wie viele der ähnlichsten Bilder abstimmen.</translation>
    </message>
    <message>
        <source>Random forest</source>
        <translation>Zufallswald</translation>
    </message>
    <message>
        <source>250 trees that each ask about single pixels and vote.</source>
        <translation>250 Bäume, die je nach einzelnen Pixeln fragen und abstimmen.</translation>
    </message>
    <message>
        <source>Trees</source>
        <translation>Bäume</translation>
    </message>
    <message>
        <source>More trees vote better and cost more memory.</source>
        <translation>Mehr Bäume stimmen besser ab und kosten mehr Speicher.</translation>
    </message>
    <message>
        <source>Greatest depth</source>
        <translation>Größte Tiefe</translation>
    </message>
    <message>
        <source>Questions a tree may ask one after the other.</source>
        <translation>Fragen, die ein Baum nacheinander stellen darf.</translation>
    </message>
    <message>
        <source>questions</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Samples a tree</source>
        <translation>Beispiele je Baum</translation>
    </message>
    <message>
        <source>Part of the training data that each tree draws, with replacement.</source>
        <translation>Teil der Trainingsdaten, den jeder Baum zieht, mit Zurücklegen.</translation>
    </message>
    <message>
        <source>Impurity</source>
        <translation>Unreinheit</translation>
    </message>
    <message>
        <source>How a tree measures how mixed a group is.</source>
        <translation>Wie ein Baum misst, wie gemischt eine Gruppe ist.</translation>
    </message>
    <message>
        <source>Random forest, deep</source>
        <translation>Zufallswald, tief</translation>
    </message>
    <message>
        <source>Trees that may ask 80 questions, measured by Gini impurity.</source>
        <translation>Bäume, die 80 Fragen stellen dürfen, gemessen an der Gini-Unreinheit.</translation>
    </message>
    <message>
        <source>Random forest on shifted images</source>
        <translation>Zufallswald auf verschobenen Bildern</translation>
    </message>
    <message>
        <source>The forest again, on three times the images: moved ones teach it to look everywhere.</source>
        <translation>Wieder der Wald, mit dreimal so vielen Bildern: verschobene lehren ihn, überall hinzusehen.</translation>
    </message>
    <message>
        <source>Shifted copies</source>
        <translation>Verschobene Kopien</translation>
    </message>
    <message>
        <source>How often each image is added again, shifted.</source>
        <translation>Wie oft jedes Bild verschoben noch einmal dazukommt.</translation>
    </message>
    <message>
        <source>Greatest shift</source>
        <translation>Größte Verschiebung</translation>
    </message>
    <message>
        <source>To each side, at random.</source>
        <translation>Nach jeder Seite, zufällig.</translation>
    </message>
    <message>
        <source>Support vector machine</source>
        <translation>Stützvektormaschine</translation>
    </message>
    <message>
        <source>Draws the widest margin between two classes each; good with few samples, slow with many.</source>
        <translation>Zieht den breitesten Rand zwischen je zwei Klassen; gut mit wenigen Beispielen, langsam mit vielen.</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Gitter</translation>
    </message>
    <message>
        <source>Values of C, gamma and the kernel that are tried by cross-validation.</source>
        <translation>Werte von C, Gamma und Kern, die durch Kreuzvalidierung versucht werden.</translation>
    </message>
    <message>
        <source>Folds</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Parts of the data; each is predicted once by a model of the others.</source>
        <translation>Teile der Daten; jeder wird einmal von einem Modell der anderen vorhergesagt.</translation>
    </message>
    <message>
        <source>Gradient boosted trees</source>
        <translation>Gradientenverstärkte Bäume</translation>
    </message>
    <message>
        <source>Each new tree mends the errors of those before it; needs the package xgboost.</source>
        <translation>Jeder neue Baum bessert die Fehler der vorigen aus; braucht das Paket xgboost.</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>Trees a class, one after the other.</source>
        <translation>Bäume je Klasse, einer nach dem anderen.</translation>
    </message>
    <message>
        <source>Step size</source>
        <translation>Schrittweite</translation>
    </message>
    <message>
        <source>How much of each error a tree mends.</source>
        <translation>Wie viel von jedem Fehler ein Baum ausbessert.</translation>
    </message>
    <message>
        <source>Tiny dense network</source>
        <translation>Winziges dichtes Netz</translation>
    </message>
    <message>
        <source>Ten neurons see all pixels: the smallest network that learns something.</source>
        <translation>Zehn Neuronen sehen alle Pixel: das kleinste Netz, das etwas lernt.</translation>
    </message>
    <message>
        <source>Dense network</source>
        <translation>Dichtes Netz</translation>
    </message>
    <message>
        <source>128 neurons see all pixels, and one for each class sees those.</source>
        <translation>128 Neuronen sehen alle Pixel, und eines je Klasse sieht diese.</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>Aktivierung</translation>
    </message>
    <message>
        <source>What each neuron makes of its sum; the source compared these three.</source>
        <translation>Was jedes Neuron aus seiner Summe macht; die Quelle verglich diese drei.</translation>
    </message>
    <message>
        <source>Neurons</source>
        <translation>Neuronen</translation>
    </message>
    <message>
        <source>Neurons in each hidden layer; more learn more.</source>
        <translation>Neuronen in jeder verborgenen Schicht; mehr lernen mehr.</translation>
    </message>
    <message>
        <source>Dense network, two layers</source>
        <translation>Dichtes Netz, zwei Schichten</translation>
    </message>
    <message>
        <source>Two hidden layers, kept small by an L2 penalty on their weights.</source>
        <translation>Zwei verborgene Schichten, durch eine L2-Strafe auf ihre Gewichte klein gehalten.</translation>
    </message>
    <message>
        <source>Small convolutional network</source>
        <translation>Kleines Faltungsnetz</translation>
    </message>
    <message>
        <source>One layer of 32 filters finds strokes, a dense layer puts them together.</source>
        <translation>Eine Schicht von 32 Filtern findet Striche, eine dichte Schicht setzt sie zusammen.</translation>
    </message>
    <message>
        <source>Pooling</source>
        <translation>Zusammenfassung</translation>
    </message>
    <message>
        <source>Side of the squares of which only the strongest answer is kept; larger is coarser.</source>
        <translation>Seite der Quadrate, von denen nur die stärkste Antwort bleibt; größer ist gröber.</translation>
    </message>
    <message>
        <source>Convolutional network for hexadecimal</source>
        <translation>Faltungsnetz für Hexadezimalziffern</translation>
    </message>
    <message>
        <source>Two convolutions without pooling, read out by one dense layer.</source>
        <translation>Zwei Faltungen ohne Zusammenfassen, von einer dichten Schicht gelesen.</translation>
    </message>
    <message>
        <source>Convolutional network with noise, 1 layer</source>
        <translation>Faltungsnetz mit Rauschen, 1 Schicht</translation>
    </message>
    <message>
        <source>One convolution with pooling, trained on noisy images so that it reads noisy ones.</source>
        <translation>Eine Faltung mit Zusammenfassen, auf verrauschten Bildern trainiert, damit es verrauschte liest.</translation>
    </message>
    <message>
        <source>Gaussian noise</source>
        <translation>Gaußsches Rauschen</translation>
    </message>
    <message>
        <source>Standard deviation of the noise added while training, as a part of full ink.</source>
        <translation>Standardabweichung des beim Lernen zugefügten Rauschens, als Teil der vollen Tinte.</translation>
    </message>
    <message>
        <source>Convolutional network with noise, 2 layers</source>
        <translation>Faltungsnetz mit Rauschen, 2 Schichten</translation>
    </message>
    <message>
        <source>Two convolutions with pooling, trained on noisy images so that it reads noisy ones.</source>
        <translation>Zwei Faltungen mit Zusammenfassen, auf verrauschten Bildern trainiert, damit es verrauschte liest.</translation>
    </message>
    <message>
        <source>Convolutional network with noise, 3 layers</source>
        <translation>Faltungsnetz mit Rauschen, 3 Schichten</translation>
    </message>
    <message>
        <source>Three convolutions with pooling, trained on noisy images so that it reads noisy ones.</source>
        <translation>Drei Faltungen mit Zusammenfassen, auf verrauschten Bildern trainiert, damit es verrauschte liest.</translation>
    </message>
    <message>
        <source>Convolutional network with noise, 4 layers</source>
        <translation>Faltungsnetz mit Rauschen, 4 Schichten</translation>
    </message>
    <message>
        <source>Four convolutions with pooling, trained on noisy images so that it reads noisy ones.</source>
        <translation>Vier Faltungen mit Zusammenfassen, auf verrauschten Bildern trainiert, damit es verrauschte liest.</translation>
    </message>
    <message>
        <source>Vanilla CNN</source>
        <translation>Einfaches Faltungsnetz</translation>
    </message>
    <message>
        <source>Two convolutions with pooling, a dense layer with dropout: the common first choice.</source>
        <translation>Zwei Faltungen mit Zusammenfassen, eine dichte Schicht mit Dropout: die übliche erste Wahl.</translation>
    </message>
    <message>
        <source>LeNet-5</source>
        <translation>LeNet-5</translation>
    </message>
    <message>
        <source>The network that read cheques in 1998: small, and still good.</source>
        <translation>Das Netz, das 1998 Schecks las: klein, und immer noch gut.</translation>
    </message>
    <message>
        <source>LeNet-5, modern</source>
        <translation>LeNet-5, modern</translation>
    </message>
    <message>
        <source>LeNet-5 with twice the convolutions, batch normalisation, dropout and L2.</source>
        <translation>LeNet-5 mit doppelt so vielen Faltungen, Batch-Normalisierung, Dropout und L2.</translation>
    </message>
    <message>
        <source>LeNet-5, modern, 32×32</source>
        <translation>LeNet-5, modern, 32×32</translation>
    </message>
    <message>
        <source>The same on images enlarged to 32×32, the size that LeNet-5 was made for.</source>
        <translation>Dasselbe auf 32×32 vergrößerten Bildern, der Größe, für die LeNet-5 gemacht wurde.</translation>
    </message>
    <message>
        <source>ResNet-34</source>
        <translation>ResNet-34</translation>
    </message>
    <message>
        <source>34 layers with shortcuts: made for photographs, more than characters need.</source>
        <translation>34 Schichten mit Abkürzungen: für Fotos gemacht, mehr als Zeichen brauchen.</translation>
    </message>
    <message>
        <source>VGG-5</source>
        <translation>VGG-5</translation>
    </message>
    <message>
        <source>Ten 3×3 convolutions in four groups: among the best on EMNIST, if one has the time.</source>
        <translation>Zehn 3×3-Faltungen in vier Gruppen: unter den Besten auf EMNIST, wenn man die Zeit hat.</translation>
    </message>
    <message>
        <source>EMNIST Desktop&apos;s own</source>
        <translation>EMNIST Desktops eigenes</translation>
    </message>
    <message>
        <source>Seven convolutions, made for drawings: the network of the bundled recogniser.</source>
        <translation>Sieben Faltungen, für Zeichnungen gemacht: das Netz des mitgelieferten Erkenners.</translation>
    </message>
</context>
<context>
    <name>TrainingTab</name>
    <message>
        <source>The run waits for its turn</source>
        <translation>Der Lauf wartet, bis er an der Reihe ist</translation>
    </message>
    <message>
        <source>Training {0}</source>
        <translation>{0} wird trainiert</translation>
    </message>
    <message>
        <source>{0} is finished</source>
        <translation>{0} ist fertig</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>{0} reads what you draw</source>
        <translation>{0} liest, was du zeichnest</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>TrialChart</name>
    <message>
        <source>Trial {0}</source>
        <translation>Versuch {0}</translation>
    </message>
</context>
<context>
    <name>TrialTable</name>
    <message>
        <source>Trials</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>Trial</source>
        <translation>Versuch</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>training, {0} epochs</source>
        <translation>Training, {0} Epochen</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>ended early</source>
        <translation>früh beendet</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>{0}
on {1}</source>
        <translation>{0}
auf {1}</translation>
    </message>
</context>
<context>
    <name>UnderstandPanel</name>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>How many samples each class has</source>
        <translation>Wie viele Beispiele jede Klasse hat</translation>
    </message>
    <message>
        <source>Means</source>
        <translation>Mittelwerte</translation>
    </message>
    <message>
        <source>The mean image of each class</source>
        <translation>Das mittlere Bild jeder Klasse</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>The average of each pixel, and scaling</source>
        <translation>Der Mittelwert jedes Pixels, und Skalierung</translation>
    </message>
    <message>
        <source>One of each</source>
        <translation>Je eines</translation>
    </message>
    <message>
        <source>One sample of every class</source>
        <translation>Ein Beispiel jeder Klasse</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>Augmentierung</translation>
    </message>
    <message>
        <source>What augmentation does to samples</source>
        <translation>Was Augmentierung mit Beispielen macht</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Kopien</translation>
    </message>
    <message>
        <source>Samples that occur twice, and leaks</source>
        <translation>Beispiele, die doppelt vorkommen, und Lecks</translation>
    </message>
    <message>
        <source>Odd labels</source>
        <translation>Seltsame</translation>
    </message>
    <message>
        <source>Samples far from their class</source>
        <translation>Beispiele fern ihrer Klasse</translation>
    </message>
    <message>
        <source>Open a dataset to see what it is like.</source>
        <translation>Öffne einen Datensatz, um zu sehen, wie er ist.</translation>
    </message>
    <message>
        <source>There are no samples here.</source>
        <translation>Hier gibt es keine Beispiele.</translation>
    </message>
    <message>
        <source>{0}, {1}: all {2:,} samples</source>
        <translation>{0}, {1}: alle {2:,} Beispiele</translation>
    </message>
    <message>
        <source>{0}, {1}: the {2:,} samples that the grid shows</source>
        <translation>{0}, {1}: die {2:,} Beispiele, die das Raster zeigt</translation>
    </message>
</context>
<context>
    <name>VariantRows</name>
    <message>
        <source>Samples and their variants</source>
        <translation>Beispiele und ihre Varianten</translation>
    </message>
</context>
<context>
    <name>Verdict</name>
    <message>
        <source>Show these samples in the Datasets tab</source>
        <translation>Diese Beispiele unter Datensätze zeigen</translation>
    </message>
    <message>
        <source>only {0} right</source>
        <translation>nur {0} richtig</translation>
    </message>
    <message>
        <source>both right</source>
        <translation>beide richtig</translation>
    </message>
    <message>
        <source>both wrong</source>
        <translation>beide falsch</translation>
    </message>
    <message>
        <source>{2}: {0}
{3}: {1}</source>
        <translation>{2}: {0}
{3}: {1}</translation>
    </message>
    <message>
        <source>{0} McNemar&apos;s test, {1}; p = {2:.3g}.</source>
        <translation>{0} McNemars Test, {1}; p = {2:.3g}.</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>The model is being opened</source>
        <translation>Das Modell wird geöffnet</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Open the model once more</source>
        <translation>Das Modell noch einmal öffnen</translation>
    </message>
</context>
<context>
    <name>Watching</name>
    <message>
        <source>Start a run, or open one from the list, to see it here.</source>
        <translation>Starte einen Lauf, oder öffne einen aus der Liste, um ihn hier zu sehen.</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>Curves cannot be drawn: {0}.</source>
        <translation>Kurven lassen sich nicht zeichnen: {0}.</translation>
    </message>
    <message>
        <source>Install what training needs with: pip install &quot;emnist-desktop[train]&quot;.</source>
        <translation>Installiere, was das Training braucht: pip install &quot;emnist-desktop[train]&quot;.</translation>
    </message>
    <message>
        <source>The run cannot be read: {0}.</source>
        <translation>Der Lauf lässt sich nicht lesen: {0}.</translation>
    </message>
    <message>
        <source>Cancel and discard</source>
        <translation>Abbrechen und verwerfen</translation>
    </message>
    <message>
        <source>End the training and throw the run away?</source>
        <translation>Das Training beenden und den Lauf wegwerfen?</translation>
    </message>
    <message>
        <source>Stop and keep the best makes a recogniser of what it has learned so far.</source>
        <translation>„Beenden, Bestes behalten“ macht aus dem Gelernten einen Erkenner.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Go on training</source>
        <translation>Weitertrainieren</translation>
    </message>
    <message>
        <source>This run did not note which image was read how.</source>
        <translation>Dieser Lauf hat nicht notiert, welches Bild wie gelesen wurde.</translation>
    </message>
    <message>
        <source>Runs that are started from now on do.</source>
        <translation>Läufe, die ab jetzt beginnen, tun es.</translation>
    </message>
</context>
<context>
    <name>WinnerView</name>
    <message>
        <source>Click to copy (Ctrl+C)</source>
        <translation>Klicken zum Kopieren (Strg+C)</translation>
    </message>
</context>
<context>
    <name>_Enlarged</name>
    <message>
        <source>All maps</source>
        <translation>Alle Karten</translation>
    </message>
    <message>
        <source>Show all maps of the layer again (Esc)</source>
        <translation>Wieder alle Karten der Schicht zeigen (Esc)</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Vorige</translation>
    </message>
    <message>
        <source>The map before (Page up)</source>
        <translation>Die Karte davor (Bild auf)</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Nächste</translation>
    </message>
    <message>
        <source>The map after (Page down)</source>
        <translation>Die Karte danach (Bild ab)</translation>
    </message>
    <message>
        <source>One map of the layer</source>
        <translation>Eine Karte der Schicht</translation>
    </message>
</context>
<context>
    <name>_Section</name>
    <message>
        <source>More settings</source>
        <translation>Mehr Einstellungen</translation>
    </message>
    <message>
        <source>More settings: {0}</source>
        <translation>Mehr Einstellungen: {0}</translation>
    </message>
</context>
<context>
    <name>_Status</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>_Table</name>
    <message>
        <source>Trainings</source>
        <translation>Trainings</translation>
    </message>
</context>
<context>
    <name>_Tools</name>
    <message>
        <source>Whole run</source>
        <translation>Ganzer Lauf</translation>
    </message>
    <message>
        <source>Show everything again</source>
        <translation>Wieder alles zeigen</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Move what is shown with the mouse</source>
        <translation>Das Gezeigte mit der Maus verschieben</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Draw a rectangle to look at it closely</source>
        <translation>Ein Rechteck ziehen, um es genau anzusehen</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Save the curves as PNG or SVG</source>
        <translation>Die Kurven als PNG oder SVG speichern</translation>
    </message>
    <message>
        <source>Save the curves</source>
        <translation>Kurven speichern</translation>
    </message>
</context>
<context>
    <name>part</name>
    <message>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>training, {0} epochs</source>
        <translation>Training, {0} Epochen</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
</context>
</TS>
