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
        <source>of {0} samples of {1} classes: {2} characters with case merged</source>
        <translation>von {0} Beispielen aus {1} Klassen: {2} Zeichen ohne Groß und Klein</translation>
    </message>
    <message>
        <source>Without a mask</source>
        <translation>Ohne Maske</translation>
    </message>
    <message>
        <source>when it may also answer characters that the data do not have.</source>
        <translation>wenn es auch mit Zeichen antworten darf, die die Daten nicht haben.</translation>
    </message>
    <message>
        <source>The same as strictly: there are no look-alikes among these classes.</source>
        <translation>Dasselbe wie streng: unter diesen Klassen gibt es keine, die gleich aussehen.</translation>
    </message>
    <message>
        <source>Strictly {0}. Here {1} count as one: out of context nobody can tell.</source>
        <translation>Streng {0}. Hier zählen {1} als eins: ohne Zusammenhang kann es niemand sagen.</translation>
    </message>
    <message>
        <source>With other writers probably {0} to {1} ({2} interval, {3} writers).</source>
        <translation>Mit anderen Schreibern wahrscheinlich {0} bis {1} ({2}-Intervall, {3} Schreiber).</translation>
    </message>
    <message>
        <source>With other samples probably {0} to {1} ({2} interval).</source>
        <translation>Mit anderen Beispielen wahrscheinlich {0} bis {1} ({2}-Intervall).</translation>
    </message>
    <message>
        <source>Every class counts the same. Precision {0}, recall {1}.</source>
        <translation>Jede Klasse zählt gleich viel. Präzision {0}, Trefferquote {1}.</translation>
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
        <source>{0} of the samples of {1} were read as {2}: click to see them.</source>
        <translation>{0} der Beispiele von {1} wurden als {2} gelesen: klicke, um sie zu sehen.</translation>
    </message>
    <message>
        <source>{0} samples were read as {1}; {2} of them are.</source>
        <translation>{0} Beispiele wurden als {1} gelesen; {2} davon sind es.</translation>
    </message>
    <message>
        <source>{0} of the {1} samples of {2} were read right. Enter: its errors.</source>
        <translation>{0} der {1} Beispiele von {2} wurden richtig gelesen. Eingabetaste: die Fehler.</translation>
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
        <source>How much drawings vary</source>
        <translation>Wie stark Zeichnungen variieren</translation>
    </message>
    <message>
        <source>How much images vary</source>
        <translation>Wie stark Bilder variieren</translation>
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
    <message>
        <source>This edition draws, reads and browses; it does not train. The full edition does.</source>
        <translation>Diese Ausgabe zeichnet, liest und zeigt Daten; sie trainiert nicht. Die volle Ausgabe tut es.</translation>
    </message>
    <message>
        <source>This installation draws, reads and browses; it does not train.</source>
        <translation>Diese Installation zeichnet, liest und zeigt Daten; sie trainiert nicht.</translation>
    </message>
    <message>
        <source>This edition draws no curves; the full edition does.</source>
        <translation>Diese Ausgabe zeichnet keine Kurven; die volle Ausgabe tut es.</translation>
    </message>
    <message>
        <source>Curves need matplotlib, which is not installed.</source>
        <translation>Kurven brauchen matplotlib, das nicht installiert ist.</translation>
    </message>
    <message>
        <source>Layers: {0}</source>
        <translation>Schichten: {0}</translation>
    </message>
    <message>
        <source>parameters: {0} · multiplications for an image: {1} million</source>
        <translation>Parameter: {0} · Multiplikationen für ein Bild: {1} Millionen</translation>
    </message>
</context>
<context>
    <name>AnalysisPanel</name>
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
    <name>Augmentation</name>
    <message>
        <source>Shift</source>
        <translation>Verschiebung</translation>
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
        <source>Vary the drawn strokes and re-render them, instead of warping the image</source>
        <translation>Die gezeichneten Striche verändern und neu rendern, statt das Bild zu verzerren</translation>
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
        <source>none yet: see Datasets</source>
        <translation>noch keine: siehe Datensätze</translation>
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
        <source>Click a box, or use the arrow keys, to see its candidates; type to correct it. Double-click a box to split it, draw one round ink that has none</source>
        <translation>Klick einen Kasten an, oder wähle ihn mit den Pfeiltasten, um seine Kandidaten zu sehen; tippe, um ihn zu berichtigen. Ein Doppelklick teilt ihn; um Tinte ohne Kasten ziehst du einen</translation>
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
        <source>This failed: {0}</source>
        <translation>Das ist fehlgeschlagen: {0}</translation>
    </message>
    <message>
        <source>This dataset has no character “{0}”. It has: {1}</source>
        <translation>Dieser Datensatz hat kein Zeichen „{0}“. Er hat: {1}</translation>
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
    <message>
        <source>Import a folder</source>
        <translation>Einen Ordner importieren</translation>
    </message>
    <message>
        <source>Import a file</source>
        <translation>Eine Datei importieren</translation>
    </message>
    <message>
        <source>Import from a class</source>
        <translation>Aus einer Klasse importieren</translation>
    </message>
    <message>
        <source>Pen archives ({0})</source>
        <translation>Stiftarchive ({0})</translation>
    </message>
</context>
<context>
    <name>CandidateRow</name>
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
        <source>{0} · your own samples say {1}</source>
        <translation>{0} · deine eigenen Beispiele sagen {1}</translation>
    </message>
    <message>
        <source>more than one character?</source>
        <translation>mehr als ein Zeichen?</translation>
    </message>
    <message>
        <source>read as {0}</source>
        <translation>gelesen als {0}</translation>
    </message>
    <message>
        <source>not sure: {0} or {1}</source>
        <translation>nicht sicher: {0} oder {1}</translation>
    </message>
    <message>
        <source>Click to correct the character</source>
        <translation>Klicken, um das Zeichen zu berichtigen</translation>
    </message>
    <message>
        <source>Click to copy (Ctrl+C)</source>
        <translation>Klicken zum Kopieren (Strg+C)</translation>
    </message>
    <message>
        <source>Click to copy</source>
        <translation>Klicken zum Kopieren</translation>
    </message>
    <message>
        <source>Looks like a word: read as a line</source>
        <translation>Sieht wie ein Wort aus: als Zeile lesen</translation>
    </message>
    <message>
        <source>Take the drawing over to the sheet for lines; undo brings it back</source>
        <translation>Die Zeichnung auf das Blatt für Zeilen übernehmen; Rückgängig holt sie zurück</translation>
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
        <source>Undo brings the last drawing back</source>
        <translation>Rückgängig holt die letzte Zeichnung zurück</translation>
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
        <source>You can get it again at any time.</source>
        <translation>Er lässt sich jederzeit wieder holen.</translation>
    </message>
    <message>
        <source>To get it back, import it again.</source>
        <translation>Um ihn wiederzubekommen, importiere ihn erneut.</translation>
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
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Terms…</source>
        <translation>Rechte …</translation>
    </message>
    <message>
        <source>Terms of use, and whom to cite</source>
        <translation>Nutzungsbedingungen, und wen man zitiert</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Import</translation>
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
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>From a class: files…</source>
        <translation>Aus einer Klasse: Dateien …</translation>
    </message>
    <message>
        <source>From a class: shared folder…</source>
        <translation>Aus einer Klasse: gemeinsamer Ordner …</translation>
    </message>
</context>
<context>
    <name>ClassDialog</name>
    <message>
        <source>Import from a class</source>
        <translation>Aus einer Klasse importieren</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Whole writers, in %, for the test split</source>
        <translation>Ganze Schreiber, in %, für den Test-Teil</translation>
    </message>
    <message>
        <source>&amp;Replace the names by numbers</source>
        <translation>Namen durch Nummern &amp;ersetzen</translation>
    </message>
    <message>
        <source>The dataset then says who is the same, not who it is</source>
        <translation>Der Datensatz sagt dann, wer derselbe ist, nicht, wer es ist</translation>
    </message>
    <message>
        <source>Reading the files…</source>
        <translation>Die Dateien werden gelesen …</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>&amp;Importieren</translation>
    </message>
    <message>
        <source>{0:,} writers, {1:,} samples.</source>
        <translation>{0:,} Schreiber, {1:,} Beispiele.</translation>
    </message>
    <message>
        <source>Importing…</source>
        <translation>Wird importiert …</translation>
    </message>
    <message>
        <source>Writers</source>
        <translation>Schreiber</translation>
    </message>
    <message>
        <source>Writer</source>
        <translation>Schreiber</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>New samples</source>
        <translation>Neue Beispiele</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Doppelt</translation>
    </message>
    <message>
        <source>The files are read here and stay where they are; nothing leaves this computer. A double click changes a name; the same name twice makes one writer of two.</source>
        <translation>Die Dateien werden hier gelesen und bleiben, wo sie sind; nichts verlässt diesen Computer. Ein Doppelklick ändert einen Namen; zweimal derselbe Name macht aus zwei Schreibern einen.</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Set aside for the &amp;test</source>
        <translation>Für den &amp;Test zurücklegen</translation>
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
    <name>ClassSamples</name>
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
    <name>ClassTable</name>
    <message>
        <source>Figures of each class</source>
        <translation>Zahlen zu jeder Klasse</translation>
    </message>
</context>
<context>
    <name>CodeDialog</name>
    <message>
        <source>Code: {0}</source>
        <translation>Code: {0}</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>A script for Python that trains the same without this program: read it, change it, run it anywhere.</source>
        <translation>Ein Python-Skript, das ohne dieses Programm dasselbe trainiert: lesen, ändern, überall ausführen.</translation>
    </message>
    <message>
        <source>Reading the network …</source>
        <translation>Das Netz wird gelesen …</translation>
    </message>
    <message>
        <source>Save the data beside it</source>
        <translation>Daten daneben speichern</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the whole script</source>
        <translation>Das ganze Skript kopieren</translation>
    </message>
    <message>
        <source>&amp;Save…</source>
        <translation>&amp;Speichern …</translation>
    </message>
    <message>
        <source>Save it as a script for Python</source>
        <translation>Als Python-Skript speichern</translation>
    </message>
    <message>
        <source>Save as &amp;notebook…</source>
        <translation>Als &amp;Notebook speichern …</translation>
    </message>
    <message>
        <source>Save it as a notebook for Jupyter</source>
        <translation>Als Notebook für Jupyter speichern</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Open the folder in which it was saved</source>
        <translation>Den Ordner öffnen, in dem gespeichert wurde</translation>
    </message>
    <message>
        <source>The script reads {0}.</source>
        <translation>Das Skript liest {0}.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>Python script (*.py)</source>
        <translation>Python-Skript (*.py)</translation>
    </message>
    <message>
        <source>Jupyter notebook (*.ipynb)</source>
        <translation>Jupyter-Notebook (*.ipynb)</translation>
    </message>
    <message>
        <source>Save the code</source>
        <translation>Code speichern</translation>
    </message>
    <message>
        <source>Writing the data …</source>
        <translation>Die Daten werden geschrieben …</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>Gespeichert: {0}</translation>
    </message>
</context>
<context>
    <name>CollectDialog</name>
    <message>
        <source>Collect samples</source>
        <translation>Beispiele sammeln</translation>
    </message>
    <message>
        <source>The recogniser in use learns no hand.</source>
        <translation>Der benutzte Erkenner lernt keine Handschrift.</translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>The trainer ended unexpectedly.</source>
        <translation>Der Trainer endete unerwartet.</translation>
    </message>
</context>
<context>
    <name>CommandDialog</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Laden …</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
</context>
<context>
    <name>CommandPage</name>
    <message>
        <source>Choose a model and a dataset on the left</source>
        <translation>Links ein Modell und einen Datensatz wählen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>End it; the last result stays</source>
        <translation>Beenden; das letzte Ergebnis bleibt</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>It is under way</source>
        <translation>Läuft bereits</translation>
    </message>
    <message>
        <source>Something went wrong: {0}.</source>
        <translation>Etwas ging schief: {0}.</translation>
    </message>
    <message>
        <source>There is no new result</source>
        <translation>Es gibt kein neues Ergebnis</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
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
    <name>ComparisonPage</name>
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
    <name>ConfusionPanel</name>
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
</context>
<context>
    <name>ConfusionView</name>
    <message>
        <source>The confusion matrix appears with the first results.</source>
        <translation>Die Konfusionsmatrix erscheint mit den ersten Ergebnissen.</translation>
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
        <source>epoch {0} of {1}</source>
        <translation>Epoche {0} von {1}</translation>
    </message>
    <message>
        <source>step {0} of {1}</source>
        <translation>Schritt {0} von {1}</translation>
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
        <source>{0:,} of {1:,} validation samples are in the training data, too: the validation accuracy is too high.</source>
        <translation>{0:,} von {1:,} Beispielen der Validierung sind auch in den Trainingsdaten: Die Genauigkeit der Validierung ist zu hoch.</translation>
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
        <source>leak</source>
        <translation>Leck</translation>
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
    <name>CorrectionPopup</name>
    <message>
        <source>Correct {0}</source>
        <translation>{0} verbessern</translation>
    </message>
    <message>
        <source>The right word</source>
        <translation>Das richtige Wort</translation>
    </message>
    <message>
        <source>Type the word and press Enter</source>
        <translation>Das Wort tippen und Eingabe drücken</translation>
    </message>
    <message>
        <source>Alternatives of this letter</source>
        <translation>Alternativen für dieses Zeichen</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Teilen</translation>
    </message>
    <message>
        <source>Make two letters of it</source>
        <translation>Zwei Zeichen daraus machen</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Make one letter of it and the next</source>
        <translation>Mit dem nächsten zu einem Zeichen verbinden</translation>
    </message>
    <message>
        <source>Write again</source>
        <translation>Neu schreiben</translation>
    </message>
    <message>
        <source>Take the ink of the letter away and write it again</source>
        <translation>Die Striche des Zeichens entfernen und es neu schreiben</translation>
    </message>
    <message>
        <source>Delete letter</source>
        <translation>Zeichen löschen</translation>
    </message>
    <message>
        <source>Remove the letter and its ink</source>
        <translation>Das Zeichen mit seinen Strichen entfernen</translation>
    </message>
    <message>
        <source>Delete word</source>
        <translation>Wort löschen</translation>
    </message>
    <message>
        <source>Remove the word and its ink</source>
        <translation>Das Wort mit seinen Strichen entfernen</translation>
    </message>
    <message>
        <source>Instead of the letter</source>
        <translation>Anstelle des Zeichens</translation>
    </message>
    <message>
        <source>Instead of the word</source>
        <translation>Anstelle des Wortes</translation>
    </message>
    <message>
        <source>Space before</source>
        <translation>Leerzeichen davor</translation>
    </message>
    <message>
        <source>No space before</source>
        <translation>Kein Leerzeichen davor</translation>
    </message>
    <message>
        <source>Make two words: the second begins with the letter</source>
        <translation>Zwei Wörter daraus machen: Das zweite beginnt mit dem Buchstaben</translation>
    </message>
    <message>
        <source>Make one word of it and the word before</source>
        <translation>Ein Wort daraus und aus dem davor machen</translation>
    </message>
    <message>
        <source>Small: it reaches the height of an x only</source>
        <translation>Klein: Es reicht nur bis zur Höhe eines x</translation>
    </message>
    <message>
        <source>Tall: it reaches above the height of an x</source>
        <translation>Groß: Es reicht über die Höhe eines x hinaus</translation>
    </message>
    <message>
        <source>It reaches below the line</source>
        <translation>Es reicht unter die Zeile</translation>
    </message>
    <message>
        <source>Low, as a comma is</source>
        <translation>Unten, wie ein Komma</translation>
    </message>
    <message>
        <source>Raised, as an apostrophe is</source>
        <translation>Oben, wie ein Apostroph</translation>
    </message>
    <message>
        <source>your own samples say {0}</source>
        <translation>deine eigenen Beispiele sagen {0}</translation>
    </message>
</context>
<context>
    <name>CostPlot</name>
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
    <name>CourseProjectsView</name>
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
        <source>Notes</source>
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
        <source>Nothing of it has been repeated yet. What they found and what you find will stand here side by side, with figures.</source>
        <translation>Davon wurde noch nichts wiederholt. Was sie fanden und was du findest, steht dann hier nebeneinander, mit Abbildungen.</translation>
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
    <name>CrossValidationPanel</name>
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
    <name>DatasetView</name>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
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
    <name>DatasetsEmptyState</name>
    <message>
        <source>There are no handwritten samples on this computer yet: fetch EMNIST Balanced, or make the starter set, which needs no network.</source>
        <translation>Auf diesem Rechner gibt es noch keine Handschriftbeispiele: hole EMNIST Balanced, oder erzeuge den Startsatz, der kein Internet braucht.</translation>
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
</context>
<context>
    <name>DeletedMenu</name>
    <message>
        <source>{0} (deleted {1})</source>
        <translation>{0} (gelöscht {1})</translation>
    </message>
    <message>
        <source>No run was deleted</source>
        <translation>Kein Lauf wurde gelöscht</translation>
    </message>
</context>
<context>
    <name>DimensionRow</name>
    <message>
        <source>Field to vary</source>
        <translation>Zu variierendes Feld</translation>
    </message>
    <message>
        <source>evenly</source>
        <translation>gleichmäßig</translation>
    </message>
    <message>
        <source>logarithmic</source>
        <translation>logarithmisch</translation>
    </message>
    <message>
        <source>in steps of</source>
        <translation>in Schritten</translation>
    </message>
    <message>
        <source>single values</source>
        <translation>einzelne Werte</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Skala</translation>
    </message>
    <message>
        <source>Logarithmic: as many values from 0.001 to 0.01 as from 0.01 to 0.1</source>
        <translation>Logarithmisch: von 0,001 bis 0,01 so viele Werte wie von 0,01 bis 0,1</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Values to try</source>
        <translation>Zu versuchende Werte</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
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
        <source>With commas between them: {0}</source>
        <translation>Mit Kommas dazwischen: {0}</translation>
    </message>
    <message>
        <source>With commas between them: 32, 64, 128; numbers with decimal commas with semicolons. A range may be typed, too: 0..0.5:0.1 or 1e-4..1e-2:log</source>
        <translation>Mit Kommas dazwischen: 32, 64, 128; Zahlen mit Dezimalkomma mit Semikolons: 0,05; 0,1. Auch ein Bereich lässt sich eintippen: 0..0.5:0.1 oder 1e-4..1e-2:log</translation>
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
        <source>Read with another recogniser: bundle.json in its folder, or a .zip file</source>
        <translation>Mit einem anderen Erkenner lesen: bundle.json in seinem Ordner oder eine .zip-Datei</translation>
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
        <source>Pa&amp;ste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>Copy what was recognised, and the ink</source>
        <translation>Kopiert, was erkannt wurde, und die Tinte</translation>
    </message>
    <message>
        <source>Put copied ink here, or read a picture</source>
        <translation>Bringt kopierte Tinte hierher oder liest ein Bild</translation>
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
        <source>C&amp;haracter</source>
        <translation>Zeic&amp;hen</translation>
    </message>
    <message>
        <source>Draw one character (Ctrl+L switches)</source>
        <translation>Ein Zeichen zeichnen (Strg+L wechselt)</translation>
    </message>
    <message>
        <source>L&amp;ine</source>
        <translation>Ze&amp;ile</translation>
    </message>
    <message>
        <source>Write lines of text (Ctrl+L switches)</source>
        <translation>Zeilen schreiben (Strg+L wechselt)</translation>
    </message>
    <message>
        <source>&amp;Switch character/line</source>
        <translation>Zeichen/Zeile &amp;wechseln</translation>
    </message>
    <message>
        <source>Write a line, or a character</source>
        <translation>Eine Zeile schreiben oder ein Zeichen</translation>
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
        <source>Close the picture first (Esc)</source>
        <translation>Schließe zuerst das Bild (Esc)</translation>
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
    <message>
        <source>&amp;Use my own samples</source>
        <translation>&amp;Eigene Beispiele verwenden</translation>
    </message>
    <message>
        <source>Read as you write, where your samples are sure of it</source>
        <translation>Liest, wie du schreibst, wo deine Beispiele sicher sind</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
</context>
<context>
    <name>DrawProjector</name>
    <message>
        <source>Projector: draw</source>
        <translation>Projektor: Zeichnen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>A dot: draw the character larger</source>
        <translation>Ein Punkt: Zeichne das Zeichen größer</translation>
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
        <source>Recognisers ({0})</source>
        <translation>Erkenner ({0})</translation>
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
        <source>{0} reads what you draw</source>
        <translation>{0} liest, was du zeichnest</translation>
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
        <source>A dot: draw the character larger</source>
        <translation>Ein Punkt: Zeichne das Zeichen größer</translation>
    </message>
    <message>
        <source>This recogniser knows no character of this alphabet</source>
        <translation>Dieser Erkenner kennt kein Zeichen dieses Alphabets</translation>
    </message>
    <message>
        <source>The drawing is copied</source>
        <translation>Die Zeichnung ist kopiert</translation>
    </message>
    <message>
        <source>Nothing drawn yet</source>
        <translation>Noch nichts gezeichnet</translation>
    </message>
    <message>
        <source>There is no picture or drawing on the clipboard</source>
        <translation>In der Zwischenablage ist kein Bild und keine Zeichnung</translation>
    </message>
    <message>
        <source>Validation accuracy {0:.1%} on {1:,} drawings</source>
        <translation>Validierungsgenauigkeit {0:.1%} auf {1:,} Zeichnungen</translation>
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
    <name>EmbeddingScatter</name>
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
    <name>EmbeddingView</name>
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
    <name>EntryTexts</name>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>{0:,} · characters: {1} · {2}</source>
        <translation>{0:,} · Zeichen: {1} · {2}</translation>
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
    <name>ErrorFilterBar</name>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
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
        <source>Which errors come first</source>
        <translation>Welche Fehler zuerst kommen</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Show all errors again</source>
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
        <source>All errors</source>
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
    <name>ErrorListModel</name>
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
    <name>ErrorsBrowser</name>
    <message>
        <source>How many errors</source>
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
        <source>{0:,} errors in {1:,} samples ({2})</source>
        <translation>{0:,} Fehler in {1:,} Beispielen ({2})</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} errors</source>
        <translation>{0:,} von {1:,} Fehlern</translation>
    </message>
    <message>
        <source>No error at all: each of the {0:,} samples was read right.</source>
        <translation>Kein einziger Fehler: alle {0:,} Beispiele wurden richtig gelesen.</translation>
    </message>
    <message>
        <source>No error is of this kind. “Show all” shows the others.</source>
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
        <source>Errors of {0}</source>
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
    <name>ErrorsExport</name>
    <message>
        <source>{0:,} pictures, numbered as they are shown, in a new folder; a table, {1}, says what each is, what it was taken for, and how surely.</source>
        <translation>{0:,} Bilder, nummeriert wie gezeigt, in einem neuen Ordner; eine Tabelle, {1}, sagt, was jedes ist, wofür es gehalten wurde und wie sicher.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Choose where to put the pictures.</source>
        <translation>Wähle, wohin die Bilder sollen.</translation>
    </message>
</context>
<context>
    <name>ErrorsPage</name>
    <message>
        <source>Look for errors</source>
        <translation>Fehler suchen</translation>
    </message>
    <message>
        <source>Let the model read every sample, and keep its report</source>
        <translation>Das Modell jedes Beispiel lesen lassen und den Bericht behalten</translation>
    </message>
    <message>
        <source>Choose a model and a dataset to see what is misread.</source>
        <translation>Wähle ein Modell und einen Datensatz, um zu sehen, was falsch gelesen wird.</translation>
    </message>
    <message>
        <source>Datasets are fetched, made and imported in the Datasets tab.</source>
        <translation>Datensätze werden unter Datensätze geholt, erzeugt und importiert.</translation>
    </message>
    <message>
        <source>Every sample is being read.</source>
        <translation>Jedes Beispiel wird gelesen.</translation>
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
</context>
<context>
    <name>ErrorsPlaceholder</name>
    <message>
        <source>What is to be known</source>
        <translation>Was zu wissen ist</translation>
    </message>
    <message>
        <source>What can be done</source>
        <translation>Was sich tun lässt</translation>
    </message>
</context>
<context>
    <name>Estimator</name>
    <message>
        <source>{0} samples to train on, {1} to validate</source>
        <translation>{0} Beispiele zum Trainieren, {1} zum Validieren</translation>
    </message>
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
    <name>ExperimentPanel</name>
    <message>
        <source>How much is done</source>
        <translation>Wie viel fertig ist</translation>
    </message>
    <message>
        <source>The first results come in a moment…</source>
        <translation>Gleich kommen die ersten Ergebnisse …</translation>
    </message>
    <message>
        <source>What is asked</source>
        <translation>Was gefragt ist</translation>
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
        <source>Earlier ones</source>
        <translation>Frühere</translation>
    </message>
    <message>
        <source>Begin anew, or look at what was tried before</source>
        <translation>Neu beginnen, oder ansehen, was früher versucht wurde</translation>
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
    <message>
        <source>{0} needs what is not installed here.</source>
        <translation>{0} braucht, was hier nicht installiert ist.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Destination</source>
        <translation>Ziel</translation>
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
        <source>Parquet, as the Hugging Face hub reads it</source>
        <translation>Parquet, wie es der Hugging Face Hub liest</translation>
    </message>
    <message>
        <source>Pictures, labels and the names of the classes.</source>
        <translation>Bilder, Klassen und die Namen der Klassen.</translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message>
        <source>Write {0} as a file</source>
        <translation>{0} als Datei schreiben</translation>
    </message>
    <message>
        <source>There is no finished epoch of this run.</source>
        <translation>Von diesem Lauf gibt es keine fertige Epoche.</translation>
    </message>
    <message>
        <source>This run has no finished recogniser.</source>
        <translation>Dieser Lauf hat keinen fertigen Erkenner.</translation>
    </message>
    <message>
        <source>A classic model is no network: export it as a bundle.</source>
        <translation>Ein klassisches Modell ist kein Netz: exportiere es als Erkenner.</translation>
    </message>
    <message>
        <source>It came without its Keras model: export it as LiteRT.</source>
        <translation>Es kam ohne das Keras-Modell: exportiere es als LiteRT.</translation>
    </message>
</context>
<context>
    <name>Extent</name>
    <message>
        <source>{0} of {1} epochs</source>
        <translation>{0} von {1} Epochen</translation>
    </message>
    <message>
        <source>{0} of {1} trees</source>
        <translation>{0} von {1} Bäumen</translation>
    </message>
    <message>
        <source>{0} of {1} rounds</source>
        <translation>{0} von {1} Runden</translation>
    </message>
    <message>
        <source>{0} neighbours</source>
        <translation>{0} Nachbarn</translation>
    </message>
    <message>
        <source>{0} support vectors</source>
        <translation>{0} Stützvektoren</translation>
    </message>
    <message>
        <source>trees</source>
        <translation>Bäume</translation>
    </message>
    <message>
        <source>rounds</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>folds</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>images</source>
        <translation>Bilder</translation>
    </message>
</context>
<context>
    <name>Facts</name>
    <message>
        <source>{0} (case merged)</source>
        <translation>{0} (ohne Groß und Klein)</translation>
    </message>
    <message>
        <source>Validation with case merged, as the test is: {0}</source>
        <translation>Validierung ohne Groß und Klein, wie im Test: {0}</translation>
    </message>
    <message>
        <source>* Its settings were changed after a test on the same data was seen. They may have been chosen by that test: its own test accuracy may say too much.</source>
        <translation>* Seine Einstellungen wurden geändert, nachdem ein Test auf denselben Daten gesehen war. Vielleicht wurden sie nach jenem Test gewählt: seine eigene Testgenauigkeit kann zu viel versprechen.</translation>
    </message>
    <message>
        <source>* Its settings were changed after the test accuracy of {0} was seen.</source>
        <translation>* Die Einstellungen wurden geändert, nachdem die Testgenauigkeit von {0} gesehen war.</translation>
    </message>
</context>
<context>
    <name>FeatureMapsView</name>
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
        <source>Maps of the layer</source>
        <translation>Karten der Schicht</translation>
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
        <source>{0}: {1} map of {2}×{3}, from {4} to {5}</source>
        <translation>{0}: {1} Karte von {2}×{3}, von {4} bis {5}</translation>
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
    <name>FieldRow</name>
    <message>
        <source>In code: {0}</source>
        <translation>Im Code: {0}</translation>
    </message>
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
    <name>FigureViewer</name>
    <message>
        <source>Figure</source>
        <translation>Abbildung</translation>
    </message>
</context>
<context>
    <name>FileOpener</name>
    <message>
        <source>One file at a time: {0} is opened.</source>
        <translation>Eine Datei auf einmal: {0} wird geöffnet.</translation>
    </message>
    <message>
        <source>The file could not be opened: {0}</source>
        <translation>Die Datei konnte nicht geöffnet werden: {0}</translation>
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
        <translation>Wie andere zuerst</translation>
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
        <source>validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
</context>
<context>
    <name>FilterView</name>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
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
    <name>FineTuneDialog</name>
    <message>
        <source>Fine-tune on my samples</source>
        <translation>Mit meinen Beispielen nachtrainieren</translation>
    </message>
    <message>
        <source>Starter set</source>
        <translation>Startsatz</translation>
    </message>
    <message>
        <source>Shown beside your samples, so that the other hands are not forgotten</source>
        <translation>Wird neben deinen Beispielen gezeigt, damit die anderen Handschriften nicht vergessen werden</translation>
    </message>
    <message>
        <source>More adapts further</source>
        <translation>Mehr passt weiter an</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Start</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Use it for drawing</source>
        <translation>Zum Zeichnen &amp;benutzen</translation>
    </message>
    <message>
        <source>Let it read what you draw from now on</source>
        <translation>Ihn von jetzt an lesen lassen, was du zeichnest</translation>
    </message>
    <message>
        <source>Your samples that were held out</source>
        <translation>Deine zurückgelegten Beispiele</translation>
    </message>
    <message>
        <source>Other hands: rehearsed data, not learned this time</source>
        <translation>Andere Schriften: daneben gezeigte Daten, diesmal nicht gelernt</translation>
    </message>
    <message>
        <source>Nothing has changed yet: use it, or close this window.</source>
        <translation>Noch hat sich nichts geändert: Benutze ihn, oder schließe dieses Fenster.</translation>
    </message>
    <message>
        <source>The slow way: the recogniser itself goes on learning, from three quarters of your samples and from other data. It takes minutes, and helps with a hundred samples and more; your hand is learned without it, at once. Nothing leaves this computer.</source>
        <translation>Der langsame Weg: Der Erkenner selbst lernt weiter, aus drei Vierteln deiner Beispiele und aus anderen Daten. Es dauert Minuten und lohnt sich ab etwa hundert Beispielen; deine Handschrift wird auch ohne das gelernt, sofort. Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>&amp;Rehearse</source>
        <translation>&amp;Daneben gezeigt</translation>
    </message>
    <message>
        <source>&amp;Epochs</source>
        <translation>&amp;Epochen</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95-%-Intervall</translation>
    </message>
    <message>
        <source>Read rightly before and after</source>
        <translation>Vorher und nachher richtig gelesen</translation>
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
    <name>FormSection</name>
    <message>
        <source>More settings</source>
        <translation>Weitere Einstellungen</translation>
    </message>
    <message>
        <source>More settings: {0}</source>
        <translation>Weitere Einstellungen: {0}</translation>
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
    <name>GuideDialog</name>
    <message>
        <source>Guide and shortcuts</source>
        <translation>Anleitung und Tasten</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>Write a character and see what it is read as while you write. Confirm or correct the answer: the program learns your hand from it. A picture can be opened, pasted, or dropped here as well.</source>
        <translation>Ein Zeichen schreiben und dabei sehen, als was es gelesen wird. Die Antwort bestätigen oder verbessern: Das Programm lernt daraus deine Hand. Auch ein Bild lässt sich hier öffnen, einfügen oder hineinziehen.</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Ctrl+L, and whole words are read while you write them. A click on a letter of the text shows others for it. The pen corrects, too: a scribble over a letter or a word strikes it out, and so does a line through a word; a letter over an older one takes its place, and a caret (^) below a gap makes room.</source>
        <translation>Strg+L, und ganze Wörter werden gelesen, während du sie schreibst. Ein Klick auf ein Zeichen des Textes zeigt andere dafür. Auch der Stift verbessert: Gekritzel über einem Zeichen oder Wort streicht es, ebenso eine Linie durch ein Wort; ein Zeichen über einem älteren tritt an seine Stelle, und ein Winkel (^) unter einer Lücke schafft Platz.</translation>
    </message>
    <message>
        <source>Datasets</source>
        <translation>Datensätze</translation>
    </message>
    <message>
        <source>Make the starter set, fetch EMNIST or MNIST, or import your own. Look at the samples, search them, and find copies and wrong labels.</source>
        <translation>Den Startsatz erzeugen, EMNIST oder MNIST holen oder eigene Daten einlesen. Die Beispiele ansehen, durchsuchen, Kopien und falsche Angaben finden.</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Choose data and a model, start, and watch it learn. A run can be paused, stopped, resumed, compared with others, and put behind the canvas.</source>
        <translation>Daten und Modell wählen, starten und beim Lernen zusehen. Ein Lauf lässt sich anhalten, beenden, fortsetzen, mit anderen vergleichen und zum Lesen der Zeichnungen verwenden.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>See how well a model reads and what it misreads, whether one is better than another, what its layers react to, and which settings suit it best.</source>
        <translation>Sehen, wie gut ein Modell liest und was es falsch liest, ob eines besser ist als ein anderes, worauf seine Schichten ansprechen und welche Einstellungen ihm am besten bekommen.</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>From one control to the next, and back</source>
        <translation>Von einem Feld zum nächsten und zurück</translation>
    </message>
    <message>
        <source>In grids, charts and lists</source>
        <translation>In Rastern, Diagrammen und Listen</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>History of lines</source>
        <translation>Verlauf der Zeilen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search the history</source>
        <translation>Den Verlauf durchsuchen</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Öffnen</translation>
    </message>
    <message>
        <source>Put the ink onto the sheet, to write on (double click)</source>
        <translation>Bringt die Tinte auf das Blatt, um weiterzuschreiben (Doppelklick)</translation>
    </message>
    <message>
        <source>Edit &amp;text</source>
        <translation>&amp;Text bearbeiten</translation>
    </message>
    <message>
        <source>Correct the text (F2)</source>
        <translation>Berichtigt den Text (F2)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>Den Text kopieren</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren …</translation>
    </message>
    <message>
        <source>As text, JSON, SVG, PNG or InkML</source>
        <translation>Als Text, JSON, SVG, PNG oder InkML</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Delete the selected lines for good (Del)</source>
        <translation>Die ausgewählten Zeilen endgültig löschen (Entf)</translation>
    </message>
    <message>
        <source>Export line</source>
        <translation>Zeile exportieren</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Ink</source>
        <translation>Tinte</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
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
        <source>What the network saw: 28×28 pixels, in EMNIST&apos;s format</source>
        <translation>Was das Netz sah: 28×28 Pixel in EMNISTs Form</translation>
    </message>
    <message>
        <source>What the network saw: 28×28 pixels, in EMNIST&apos;s format. Click to show the direction of the pen as colour, or not</source>
        <translation>Was das Netz sah: 28×28 Pixel in EMNISTs Format. Klicken zeigt die Richtung des Stifts in Farben oder nicht</translation>
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
        <source>not turned</source>
        <translation>nicht gedreht</translation>
    </message>
    <message>
        <source>90° to the right</source>
        <translation>90° nach rechts</translation>
    </message>
    <message>
        <source>180°</source>
        <translation>180°</translation>
    </message>
    <message>
        <source>90° to the left</source>
        <translation>90° nach links</translation>
    </message>
    <message>
        <source>Stored images have light ink, as EMNIST&apos;s</source>
        <translation>Gespeicherte Bilder haben helle Tinte, wie die von EMNIST</translation>
    </message>
    <message>
        <source>as found</source>
        <translation>wie gefunden</translation>
    </message>
    <message>
        <source>light on dark paper</source>
        <translation>hell auf dunklem Papier</translation>
    </message>
    <message>
        <source>dark on light paper</source>
        <translation>dunkel auf hellem Papier</translation>
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
        <source>T&amp;urn</source>
        <translation>&amp;Drehung</translation>
    </message>
    <message>
        <source>In&amp;k</source>
        <translation>Tint&amp;e</translation>
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
        <source>each by its border</source>
        <translation>jedes nach seinem Rand</translation>
    </message>
    <message>
        <source>as found: {0}</source>
        <translation>wie gefunden: {0}</translation>
    </message>
    <message>
        <source>Samples: {0}</source>
        <translation>Beispiele: {0}</translation>
    </message>
    <message>
        <source>No samples</source>
        <translation>Keine Beispiele</translation>
    </message>
    <message>
        <source>Call the classes {0}</source>
        <translation>Die Klassen {0} nennen</translation>
    </message>
    <message>
        <source>Bring upright</source>
        <translation>Aufrecht stellen</translation>
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
        <source>The sample</source>
        <translation>Das Beispiel</translation>
    </message>
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
        <source>Errors of models</source>
        <translation>Fehler von Modellen</translation>
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
        <source>Which samples of this character a model misreads</source>
        <translation>Welche Beispiele dieses Zeichens ein Modell falsch liest</translation>
    </message>
    <message>
        <source>What the recogniser says</source>
        <translation>Was der Erkenner sagt</translation>
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
    <name>LabelBar</name>
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
        <source>, {0:,} of them “{1}”</source>
        <translation>, davon {0:,} „{1}“</translation>
    </message>
</context>
<context>
    <name>LabelIssuesView</name>
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
    <name>LayerModel</name>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Height × width × maps, or the number of values</source>
        <translation>Höhe × Breite × Karten, oder die Zahl der Werte</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Numbers that the layer learns or keeps</source>
        <translation>Zahlen, die die Schicht lernt oder mitführt</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Aufwand</translation>
    </message>
    <message>
        <source>Share of the multiplications for an image</source>
        <translation>Anteil an den Multiplikationen für ein Bild</translation>
    </message>
    <message>
        <source>Output: the classes</source>
        <translation>Ausgabe: die Klassen</translation>
    </message>
    <message>
        <source>{0} multiplications</source>
        <translation>{0} Multiplikationen</translation>
    </message>
</context>
<context>
    <name>LayersChild</name>
    <message>
        <source>The process that looks into {0} has ended.</source>
        <translation>Der Prozess, der in {0} hineinsieht, hat geendet.</translation>
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
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
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
    <name>LayersPlaceholder</name>
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
    <name>LayersRow</name>
    <message>
        <source>Edit the layers…</source>
        <translation>Schichten bearbeiten …</translation>
    </message>
    <message>
        <source>the usual layers</source>
        <translation>den üblichen Schichten</translation>
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
        <source>Model size</source>
        <translation>Modellgröße</translation>
    </message>
    <message>
        <source>Of the model alone, on disk</source>
        <translation>Des Modells allein, auf der Platte</translation>
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
    <name>LeaderboardView</name>
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
        <source>On {0:,} samples of {1}, case merged.</source>
        <translation>Auf {0:,} Beispielen von {1}, ohne Groß und Klein.</translation>
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
        <source>The two runs</source>
        <translation>Die beiden Läufe</translation>
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
    <name>LearningCurvePanel</name>
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
    <name>LineCanvas</name>
    <message>
        <source>Sheet for lines of text</source>
        <translation>Blatt für Zeilen</translation>
    </message>
    <message>
        <source>Write with mouse, finger or pen. Arrow keys choose a letter, F2 shows its alternatives, Enter begins a new line.</source>
        <translation>Mit Maus, Finger oder Stift schreiben. Pfeiltasten wählen ein Zeichen, F2 zeigt seine Alternativen, Eingabe beginnt eine neue Zeile.</translation>
    </message>
    <message>
        <source>Write on the line</source>
        <translation>Auf der Linie schreiben</translation>
    </message>
    <message>
        <source>the text appears under it; click a letter there to correct it</source>
        <translation>der Text erscheint darunter; ein Klick auf ein Zeichen verbessert es</translation>
    </message>
</context>
<context>
    <name>LinePage</name>
    <message>
        <source>The sheet is full.</source>
        <translation>Das Blatt ist voll.</translation>
    </message>
    <message>
        <source>Copy the text, and clear the sheet for more.</source>
        <translation>Den Text kopieren und das Blatt leeren, um weiterzuschreiben.</translation>
    </message>
    <message>
        <source>Written over; Undo takes both as ink</source>
        <translation>Überschrieben; „Rückgängig“ macht beides wieder zu Tinte</translation>
    </message>
    <message>
        <source>Struck out; Undo takes the stroke as ink</source>
        <translation>Durchgestrichen; „Rückgängig“ macht den Strich zu Tinte</translation>
    </message>
    <message>
        <source>Room to write between; Undo takes the stroke as ink</source>
        <translation>Platz zum Dazwischenschreiben; „Rückgängig“ macht den Strich wieder zu Tinte</translation>
    </message>
    <message>
        <source>Write the letter again in its place</source>
        <translation>Das Zeichen an seiner Stelle neu schreiben</translation>
    </message>
    <message>
        <source>Keep as sample: {0}</source>
        <translation>Als Beispiel behalten: {0}</translation>
    </message>
    <message>
        <source>Kept. Take back</source>
        <translation>Behalten. Zurücknehmen</translation>
    </message>
    <message>
        <source>Words, English and German</source>
        <translation>Wörter, Englisch und Deutsch</translation>
    </message>
    <message>
        <source>Words, English</source>
        <translation>Wörter, Englisch</translation>
    </message>
    <message>
        <source>Words, German</source>
        <translation>Wörter, Deutsch</translation>
    </message>
    <message>
        <source>Codes and numbers</source>
        <translation>Codes und Zahlen</translation>
    </message>
    <message>
        <source>Which words are expected; of codes nothing is</source>
        <translation>Welche Wörter erwartet werden; bei Codes gar keine</translation>
    </message>
    <message>
        <source>Language of the lines</source>
        <translation>Sprache der Zeilen</translation>
    </message>
    <message>
        <source>Guide lines</source>
        <translation>Hilfslinien</translation>
    </message>
    <message>
        <source>Show the feet and the height of small letters</source>
        <translation>Grundlinie und Höhe der Kleinbuchstaben zeigen</translation>
    </message>
    <message>
        <source>Copy as I write</source>
        <translation>Beim Schreiben kopieren</translation>
    </message>
    <message>
        <source>Put the text on the clipboard whenever it has changed</source>
        <translation>Den Text bei jeder Änderung in die Zwischenablage legen</translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation>Text kopieren</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>Go on in the next line (Enter on the sheet)</source>
        <translation>In der nächsten Zeile weiterschreiben (Eingabe auf dem Blatt)</translation>
    </message>
    <message>
        <source>The recogniser learns your hand of such samples</source>
        <translation>Aus solchen Beispielen lernt der Erkenner deine Handschrift</translation>
    </message>
    <message>
        <source>The bundled recogniser reads lines.</source>
        <translation>Zeilen liest der mitgelieferte Erkenner.</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>Verlauf …</translation>
    </message>
    <message>
        <source>Copy the text alone; Ctrl+C copies it with its ink</source>
        <translation>Nur den Text kopieren; Strg+C kopiert ihn mit der Tinte</translation>
    </message>
    <message>
        <source>What was written before: search, open, export (Ctrl+H)</source>
        <translation>Was früher geschrieben wurde: suchen, öffnen, exportieren (Strg+H)</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>There was no drawing to bring back.</source>
        <translation>Es gab keine Zeichnung zurückzuholen.</translation>
    </message>
    <message>
        <source>Samples, datasets and runs are kept as they come; a training that was interrupted can be resumed under Training.</source>
        <translation>Beispiele, Datensätze und Läufe werden laufend behalten; ein unterbrochenes Training kann unter Training fortgesetzt werden.</translation>
    </message>
    <message>
        <source>Show log</source>
        <translation>Protokoll zeigen</translation>
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
        <source>EMNIST Desktop</source>
        <translation>EMNIST Desktop</translation>
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
        <source>&amp;Guide and shortcuts</source>
        <translation>&amp;Anleitung und Tasten</translation>
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
        <source>&amp;Next tab</source>
        <translation>&amp;Nächster Reiter</translation>
    </message>
    <message>
        <source>&amp;Previous tab</source>
        <translation>&amp;Voriger Reiter</translation>
    </message>
    <message>
        <source>Theme of the &amp;system</source>
        <translation>Design des &amp;Systems</translation>
    </message>
    <message>
        <source>&amp;Light theme</source>
        <translation>&amp;Helles Design</translation>
    </message>
    <message>
        <source>&amp;Dark theme</source>
        <translation>&amp;Dunkles Design</translation>
    </message>
    <message>
        <source>What was noted when the program ended, and the log after it, help to mend it.</source>
        <translation>Was beim Ende des Programms notiert wurde und das Protokoll danach helfen, es zu beheben.</translation>
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
        <source>&lt;h3&gt;EMNIST Desktop&lt;/h3&gt;&lt;p&gt;Draw a character and see it recognised.&lt;/p&gt;&lt;p&gt;Recogniser: {0}&lt;/p&gt;&lt;p&gt;{1}&lt;/p&gt;&lt;pre&gt;{2}&lt;/pre&gt;&lt;p&gt;MIT licence. Qt is used under the LGPL, wordfreq&apos;s words under CC BY-SA 4.0.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;EMNIST Desktop&lt;/h3&gt;&lt;p&gt;Zeichne ein Zeichen und sieh, wie es erkannt wird.&lt;/p&gt;&lt;p&gt;Erkenner: {0}&lt;/p&gt;&lt;p&gt;{1}&lt;/p&gt;&lt;pre&gt;{2}&lt;/pre&gt;&lt;p&gt;MIT-Lizenz. Qt wird unter der LGPL genutzt, die Wörter von wordfreq unter CC BY-SA 4.0.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>About EMNIST Desktop</source>
        <translation>Über EMNIST Desktop</translation>
    </message>
    <message>
        <source>The window of the other profile cannot be opened.</source>
        <translation>Das Fenster des anderen Profils lässt sich nicht öffnen.</translation>
    </message>
    <message>
        <source>Close other programs, then try again.</source>
        <translation>Schließe andere Programme und versuche es noch einmal.</translation>
    </message>
    <message>
        <source>Collect &amp;samples…</source>
        <translation>Beispiele &amp;sammeln …</translation>
    </message>
    <message>
        <source>&amp;Projector</source>
        <translation>&amp;Projektor</translation>
    </message>
    <message>
        <source>Choose a run first: it is shown on the projector</source>
        <translation>Wähle zuerst einen Lauf: Er wird auf dem Projektor gezeigt</translation>
    </message>
    <message>
        <source>&amp;Fine-tune on my samples…</source>
        <translation>Mit meinen Beispielen &amp;nachtrainieren …</translation>
    </message>
</context>
<context>
    <name>MiniCanvas</name>
    <message>
        <source>Draw here: everything beside it follows</source>
        <translation>Zeichne hier: alles daneben folgt</translation>
    </message>
    <message>
        <source>Clear the drawing</source>
        <translation>Die Zeichenfläche leeren</translation>
    </message>
</context>
<context>
    <name>ModelContextPanel</name>
    <message>
        <source>0 to 255</source>
        <translation>0 bis 255</translation>
    </message>
    <message>
        <source>0 to 1</source>
        <translation>0 bis 1</translation>
    </message>
    <message>
        <source>−1 to 1</source>
        <translation>−1 bis 1</translation>
    </message>
    <message>
        <source>normalised (MNIST)</source>
        <translation>normalisiert (MNIST)</translation>
    </message>
    <message>
        <source>{0}, dark ink</source>
        <translation>{0}, dunkle Tinte</translation>
    </message>
    <message>
        <source>find out</source>
        <translation>herausfinden</translation>
    </message>
    <message>
        <source>Input range of the model</source>
        <translation>Wertebereich der Eingabe</translation>
    </message>
    <message>
        <source>What the model expects for paper and ink; tried on samples by default</source>
        <translation>Was das Modell für Papier und Tinte erwartet; ohne Angabe an Beispielen erprobt</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Models (*.keras *.h5 *.hdf5 *.tflite bundle.json)</source>
        <translation>Modelle (*.keras *.h5 *.hdf5 *.tflite bundle.json)</translation>
    </message>
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
        <source>Make the starter set</source>
        <translation>Startsatz erzeugen</translation>
    </message>
    <message>
        <source>12,000 samples, without a network</source>
        <translation>12.000 Beispiele, ohne Internet</translation>
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
        <translation>siehe Datensätze</translation>
    </message>
    <message>
        <source>The starter set is made …</source>
        <translation>Der Startsatz wird erzeugt …</translation>
    </message>
    <message>
        <source>The starter set is made: {0}</source>
        <translation>Der Startsatz wird erzeugt: {0}</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>Validierung</translation>
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
        <source>The characters of its classes, in order:
(a name, or the characters)</source>
        <translation>Die Zeichen seiner Klassen, der Reihe nach:
(ein Name, oder die Zeichen)</translation>
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
        <source>Errors</source>
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
    <name>MonitorPage</name>
    <message>
        <source>Start a run, or open one from the list, to see it here.</source>
        <translation>Starte einen Lauf, oder öffne einen aus der Liste, um ihn hier zu sehen.</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>Open a run from the list to see it here.</source>
        <translation>Öffne einen Lauf aus der Liste, um ihn hier zu sehen.</translation>
    </message>
    <message>
        <source>Curves cannot be drawn: {0}.</source>
        <translation>Kurven lassen sich nicht zeichnen: {0}.</translation>
    </message>
    <message>
        <source>The run cannot be read: {0}.</source>
        <translation>Der Lauf lässt sich nicht lesen: {0}.</translation>
    </message>
    <message>
        <source>{0} has changed since this run: its images are others.</source>
        <translation>{0} hat sich seit diesem Lauf geändert: seine Bilder sind andere.</translation>
    </message>
    <message>
        <source>Put the old data back to see what was misread.</source>
        <translation>Stelle die alten Daten wieder her, um zu sehen, was falsch gelesen wurde.</translation>
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
    <name>NeededData</name>
    <message>
        <source>{0} (not on this computer)</source>
        <translation>{0} (nicht auf diesem Rechner)</translation>
    </message>
    <message>
        <source>There is no file or folder {0}.</source>
        <translation>Es gibt keine Datei und keinen Ordner {0}.</translation>
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
        <source>{0} is not on this computer yet. Fetch it in the Datasets tab.</source>
        <translation>{0} ist noch nicht auf diesem Rechner. Lade es unter Datensätze.</translation>
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
    <name>NetworkDialog</name>
    <message>
        <source>My network</source>
        <translation>Mein Netz</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Add a layer below the chosen one</source>
        <translation>Eine Schicht unter der gewählten hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Start from</source>
        <translation>&amp;Beginnen mit</translation>
    </message>
    <message>
        <source>Replace all layers by those of a preset</source>
        <translation>Alle Schichten durch die einer Vorlage ersetzen</translation>
    </message>
    <message>
        <source>&amp;Duplicate</source>
        <translation>&amp;Verdoppeln</translation>
    </message>
    <message>
        <source>Copy the layer (Ctrl+D)</source>
        <translation>Die Schicht kopieren (Strg+D)</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Remove the layer (Delete)</source>
        <translation>Die Schicht entfernen (Entf)</translation>
    </message>
    <message>
        <source>Move the layer up (Alt+Up); it can be dragged, too</source>
        <translation>Die Schicht nach oben schieben (Alt+Pfeil hoch); sie lässt sich auch ziehen</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move the layer down (Alt+Down)</source>
        <translation>Die Schicht nach unten schieben (Alt+Pfeil runter)</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Output: the classes</source>
        <translation>Ausgabe: die Klassen</translation>
    </message>
    <message>
        <source>A dense layer with one output for each class; it is always there.</source>
        <translation>Eine dichte Schicht mit einer Ausgabe für jede Klasse; sie ist immer da.</translation>
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
        <translation>{0} in der Warteschlange</translation>
    </message>
</context>
<context>
    <name>PairComparison</name>
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
        <source>Split</source>
        <translation>Teilen</translation>
    </message>
    <message>
        <source>Make two boxes of the selected one</source>
        <translation>Aus dem gewählten Kasten zwei machen</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Join the selected box with the next</source>
        <translation>Den gewählten Kasten mit dem nächsten verbinden</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete the selected box (Del)</source>
        <translation>Den gewählten Kasten löschen (Entf)</translation>
    </message>
    <message>
        <source>Keep as samples</source>
        <translation>Als Beispiele behalten</translation>
    </message>
    <message>
        <source>Keep every character with its label in my samples</source>
        <translation>Jedes Zeichen mit seiner Beschriftung unter meine Beispiele aufnehmen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Forget these samples again</source>
        <translation>Diese Beispiele wieder vergessen</translation>
    </message>
    <message>
        <source>Page of the PDF</source>
        <translation>Seite des PDF</translation>
    </message>
    <message>
        <source>Page </source>
        <translation>Seite </translation>
    </message>
    <message>
        <source> of {0}</source>
        <translation> von {0}</translation>
    </message>
    <message>
        <source>1 sample kept</source>
        <translation>1 Beispiel behalten</translation>
    </message>
    <message>
        <source>{0} samples kept</source>
        <translation>{0} Beispiele behalten</translation>
    </message>
    <message>
        <source>There is no ink in this box</source>
        <translation>In diesem Kasten ist keine Tinte</translation>
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
    <name>ProfileMenu</name>
    <message>
        <source>&amp;Profile</source>
        <translation>&amp;Profil</translation>
    </message>
    <message>
        <source>Whose samples, hand, runs and settings these are</source>
        <translation>Wessen Beispiele, Handschrift, Läufe und Einstellungen das sind</translation>
    </message>
    <message>
        <source>&amp;Manage profiles…</source>
        <translation>Profile &amp;verwalten …</translation>
    </message>
    <message>
        <source>Profile: {0}</source>
        <translation>Profil: {0}</translation>
    </message>
</context>
<context>
    <name>ProfileNameDialog</name>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Colour</source>
        <translation>&amp;Farbe</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>Orange</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>Purple</source>
        <translation>Violett</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>Grau</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Gelb</translation>
    </message>
</context>
<context>
    <name>Profiles</name>
    <message>
        <source>First profile</source>
        <translation>Erstes Profil</translation>
    </message>
</context>
<context>
    <name>ProfilesDialog</name>
    <message>
        <source>Profiles</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>&amp;Switch to</source>
        <translation>&amp;Wechseln</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>&amp;Neu …</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>&amp;Umbenennen …</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>E&amp;xportieren …</translation>
    </message>
    <message>
        <source>Settings, samples and hand; runs are exported one by one, the history stays</source>
        <translation>Einstellungen, Beispiele und Handschrift; Läufe werden einzeln exportiert, der Verlauf bleibt hier</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importieren …</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>New profile</source>
        <translation>Neues Profil</translation>
    </message>
    <message>
        <source>Rename profile</source>
        <translation>Profil umbenennen</translation>
    </message>
    <message>
        <source>Export profile</source>
        <translation>Profil exportieren</translation>
    </message>
    <message>
        <source>Import profile</source>
        <translation>Profil importieren</translation>
    </message>
    <message>
        <source>{0} is in use.</source>
        <translation>{0} ist in Gebrauch.</translation>
    </message>
    <message>
        <source>Close its window, and let its training end, first.</source>
        <translation>Schließe zuerst sein Fenster und lass sein Training enden.</translation>
    </message>
    <message>
        <source>Profiles ({0})</source>
        <translation>Profile ({0})</translation>
    </message>
    <message>
        <source>{0} (deleted)</source>
        <translation>{0} (gelöscht)</translation>
    </message>
    <message>
        <source>{0} (this window)</source>
        <translation>{0} (dieses Fenster)</translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>The first profile stays: the others lie in it</source>
        <translation>Das erste Profil bleibt: Die anderen liegen in ihm</translation>
    </message>
    <message>
        <source>Deleted profiles can be restored until Settings removes them for good</source>
        <translation>Gelöschte Profile lassen sich wiederherstellen, bis sie in den Einstellungen endgültig entfernt werden</translation>
    </message>
    <message>
        <source>Each profile has its own samples, hand, runs and settings, and a window of its own; datasets are shared. Nothing leaves this computer.</source>
        <translation>Jedes Profil hat eigene Beispiele, eine eigene Handschrift, eigene Läufe und Einstellungen und ein eigenes Fenster; Datensätze sind gemeinsam. Nichts verlässt diesen Computer.</translation>
    </message>
</context>
<context>
    <name>Projector</name>
    <message>
        <source>F11 or Esc ends the projector view</source>
        <translation>F11 oder Esc beendet die Projektoransicht</translation>
    </message>
</context>
<context>
    <name>QCoreApplication</name>
    <message>
        <source>Pixels to each side, at most.</source>
        <translation>Pixel nach jeder Seite, höchstens.</translation>
    </message>
    <message>
        <source>Pixels to each side; two of three stay below.</source>
        <translation>Pixel nach jeder Seite; zwei von drei bleiben darunter.</translation>
    </message>
</context>
<context>
    <name>RateDialog</name>
    <message>
        <source>Find a learning rate</source>
        <translation>Eine Lernrate suchen</translation>
    </message>
    <message>
        <source>The curve stands here when the sweep is over.</source>
        <translation>Hier steht die Kurve, sobald der Durchlauf zu Ende ist.</translation>
    </message>
    <message>
        <source>Loss at rising learning rates</source>
        <translation>Verlust bei steigenden Lernraten</translation>
    </message>
    <message>
        <source>&amp;Use it</source>
        <translation>Über&amp;nehmen</translation>
    </message>
    <message>
        <source>Put the suggestion into the form</source>
        <translation>Den Vorschlag in das Formular eintragen</translation>
    </message>
    <message>
        <source>The loss never falls: look at the data and the network.</source>
        <translation>Der Verlust sinkt nie: Sieh dir Daten und Netz an.</translation>
    </message>
    <message>
        <source>Suggestion: {0}, where the loss falls fastest.</source>
        <translation>Vorschlag: {0}, wo der Verlust am schnellsten sinkt.</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>A hundred batches at rising rates, whose weights are forgotten. A good rate is where the loss falls fastest, well before it rises (Smith 2017).</source>
        <translation>Hundert Stapel bei steigenden Raten, deren Gewichte vergessen werden. Gut ist eine Rate, bei der der Verlust am schnellsten sinkt, deutlich bevor er steigt (Smith 2017).</translation>
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
        <source>pixels given as {0}</source>
        <translation>Pixel als {0} übergeben</translation>
    </message>
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
        <source>See the errors</source>
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
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Make it again</source>
        <translation>Noch einmal erstellen</translation>
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
        <source>it has learned from such samples: on others it reads less well</source>
        <translation>es hat aus solchen Beispielen gelernt: andere liest es weniger gut</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>The report of {0} is ready</source>
        <translation>Der Bericht von {0} ist fertig</translation>
    </message>
    <message>
        <source>There is no dataset yet. Make the starter set on the left, or fetch one under Datasets, to see how well the model reads.</source>
        <translation>Es gibt noch keinen Datensatz. Erzeuge links den Startsatz, oder hole einen unter Datensätze, um zu sehen, wie gut das Modell liest.</translation>
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
    <message>
        <source>Each writer: whose hand is hard?</source>
        <translation>Jeder Schreiber: Wessen Handschrift ist schwer?</translation>
    </message>
</context>
<context>
    <name>RequestPage</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Draw the character that is asked for.</source>
        <translation>Zeichne das Zeichen, nach dem gefragt wird.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Auslassen</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Draw {0}, or skip it.</source>
        <translation>Zeichne {0}, oder lass es aus.</translation>
    </message>
    <message>
        <source>Draw: {0}</source>
        <translation>Zeichne: {0}</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} · round {2} of {3}</source>
        <translation>{0:,} von {1:,} · Runde {2} von {3}</translation>
    </message>
    <message>
        <source>That is hardly more than a dot.</source>
        <translation>Das ist kaum mehr als ein Punkt.</translation>
    </message>
    <message>
        <source>That is the same drawing as before.</source>
        <translation>Das ist dieselbe Zeichnung wie zuvor.</translation>
    </message>
    <message>
        <source>That looks like {0}.</source>
        <translation>Das sieht aus wie {0}.</translation>
    </message>
    <message>
        <source>Next keeps it as {0}; Clear lets you draw it again.</source>
        <translation>„Weiter“ behält es als {0}; nach „Leeren“ zeichnest du es noch einmal.</translation>
    </message>
    <message>
        <source>digit {0}</source>
        <translation>Ziffer {0}</translation>
    </message>
    <message>
        <source>capital {0}</source>
        <translation>großes {0}</translation>
    </message>
    <message>
        <source>small {0}</source>
        <translation>kleines {0}</translation>
    </message>
</context>
<context>
    <name>ResultPage</name>
    <message>
        <source>What was learnt</source>
        <translation>Was gelernt wurde</translation>
    </message>
    <message>
        <source>Collect &amp;more…</source>
        <translation>&amp;Mehr sammeln …</translation>
    </message>
    <message>
        <source>{0:,} characters drawn</source>
        <translation>{0:,} Zeichen gezeichnet</translation>
    </message>
    <message>
        <source>Measuring what they change…</source>
        <translation>Was sie ändern, wird gemessen …</translation>
    </message>
    <message>
        <source>Each without itself</source>
        <translation>Jedes ohne sich selbst</translation>
    </message>
    <message>
        <source>The last round, without it</source>
        <translation>Die letzte Runde, ohne sie gelernt</translation>
    </message>
    <message>
        <source>How many of each are read rightly without and with your hand; marked where that is more.</source>
        <translation>Wie viele von jedem ohne und mit deiner Handschrift richtig gelesen werden; hervorgehoben, wo es mehr sind.</translation>
    </message>
    <message>
        <source>{0}: {1} read rightly, {2} with your hand ({3}; {4:,} drawings)</source>
        <translation>{0}: {1} richtig gelesen, {2} mit deiner Handschrift ({3}; {4:,} Zeichnungen)</translation>
    </message>
    <message>
        <source>{0}: {1} of {2} read rightly, {3} with your hand</source>
        <translation>{0}: {1} von {2} richtig gelesen, {3} mit deiner Handschrift</translation>
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
        <source>Measuring {0} on {1}</source>
        <translation>{0} wird auf {1} gemessen</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Show the model its pictures made worse in ten ways of five strengths</source>
        <translation>Dem Modell seine Bilder zeigen, auf zehn Arten in fünf Stärken verschlechtert</translation>
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
        <source>Robustness of {0} measured</source>
        <translation>Robustheit von {0} gemessen</translation>
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
        <source>{0} deleted.</source>
        <translation>{0} gelöscht.</translation>
    </message>
    <message>
        <source>The bundled recogniser reads what you draw now.</source>
        <translation>Was du zeichnest, liest jetzt der mitgelieferte Erkenner.</translation>
    </message>
    <message>
        <source>Delete run</source>
        <translation>Lauf löschen</translation>
    </message>
    <message>
        <source>{0} reads what you draw. Delete it all the same?</source>
        <translation>{0} liest, was du zeichnest. Trotzdem löschen?</translation>
    </message>
    <message>
        <source>The bundled recogniser reads from then on, until you choose another.</source>
        <translation>Danach liest der mitgelieferte Erkenner, bis du einen anderen wählst.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>{0} is back</source>
        <translation>{0} ist zurück</translation>
    </message>
    <message>
        <source>The run is in {0}</source>
        <translation>Der Lauf liegt in {0}</translation>
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
        <source>Code…</source>
        <translation>Code …</translation>
    </message>
    <message>
        <source>Show a script that trains the same without this program</source>
        <translation>Ein Skript zeigen, das ohne dieses Programm dasselbe trainiert</translation>
    </message>
    <message>
        <source>Find a run</source>
        <translation>Einen Lauf finden</translation>
    </message>
    <message>
        <source>No run yet. Set one up under New run.</source>
        <translation>Noch kein Lauf. Richte einen unter Neuer Lauf ein.</translation>
    </message>
    <message>
        <source>No run yet. Import a recogniser that was trained elsewhere.</source>
        <translation>Noch kein Lauf. Importiere einen anderswo trainierten Erkenner.</translation>
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
        <translation>Vergleichen</translation>
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
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Put a deleted run back among the others</source>
        <translation>Einen gelöschten Lauf zu den anderen zurücklegen</translation>
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
        <source>Move it to the trash</source>
        <translation>In den Papierkorb verschieben</translation>
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
        <source>Extent</source>
        <translation>Umfang</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Folder size</source>
        <translation>Ordnergröße</translation>
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
</context>
<context>
    <name>RunProjector</name>
    <message>
        <source>Projector: run</source>
        <translation>Projektor: Lauf</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Fortschritt des Laufs</translation>
    </message>
</context>
<context>
    <name>RunView</name>
    <message>
        <source>Code…</source>
        <translation>Code …</translation>
    </message>
    <message>
        <source>Show a script that trains the same without this program</source>
        <translation>Ein Skript zeigen, das ohne dieses Programm dasselbe trainiert</translation>
    </message>
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
        <source>{0} · {1} samples to train on, {2} for validation · {3}</source>
        <translation>{0} · {1} Beispiele zum Lernen, {2} zur Validierung · {3}</translation>
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
        <source>best validation accuracy {0}</source>
        <translation>beste Validierungsgenauigkeit {0}</translation>
    </message>
    <message>
        <source>{0} where case does not count</source>
        <translation>{0} ohne Groß und Klein</translation>
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
        <source>stopping: the best epoch becomes a recogniser</source>
        <translation>hält an: die beste Epoche wird ein Erkenner</translation>
    </message>
    <message>
        <source>cancelling</source>
        <translation>bricht ab</translation>
    </message>
    <message>
        <source>opening</source>
        <translation>wird geöffnet</translation>
    </message>
    <message>
        <source>starting: loading the libraries and the data</source>
        <translation>startet: Bibliotheken und Daten werden geladen</translation>
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
        <source>The trainer was ended from outside, or ran out of memory.</source>
        <translation>Der Trainer wurde von außen beendet, oder der Arbeitsspeicher ging aus.</translation>
    </message>
    <message>
        <source>Resume goes on from the last checkpoint.</source>
        <translation>Fortsetzen macht am letzten Sicherungspunkt weiter.</translation>
    </message>
    <message>
        <source>The trainer was ended from outside (signal {0}).</source>
        <translation>Der Trainer wurde von außen beendet (Signal {0}).</translation>
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
    <name>SaliencyView</name>
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
    <name>SampleView</name>
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
        <source>How sure the model was</source>
        <translation>Wie sicher das Modell war</translation>
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
    <message>
        <source>For a &amp;class…</source>
        <translation>Für eine &amp;Klasse …</translation>
    </message>
    <message>
        <source>Write a file that a teacher merges with others</source>
        <translation>Eine Datei schreiben, die eine Lehrkraft mit anderen zusammenführt</translation>
    </message>
    <message>
        <source>Samples for a class</source>
        <translation>Beispiele für eine Klasse</translation>
    </message>
    <message>
        <source>Your name, or nothing: then the file only tells you from others.</source>
        <translation>Dein Name oder nichts: Dann unterscheidet die Datei dich nur von anderen.</translation>
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
</context>
<context>
    <name>Search</name>
    <message>
        <source>Layer {0}: {1}</source>
        <translation>Schicht {0}: {1}</translation>
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
    <name>SearchPanel</name>
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
        <source>Vary</source>
        <translation>Variieren</translation>
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
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Trials</source>
        <translation>Versuche</translation>
    </message>
</context>
<context>
    <name>SearchSpaceForm</name>
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
        <translation>&amp;Design</translation>
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
        <source>Folders</source>
        <translation>Ordner</translation>
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
        <source>Deleted runs</source>
        <translation>Gelöschte Läufe</translation>
    </message>
    <message>
        <source>Unfinished downloads</source>
        <translation>Unfertige Downloads</translation>
    </message>
    <message>
        <source>Left by killed programs</source>
        <translation>Reste abgebrochener Programme</translation>
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
    <message>
        <source>Remove all deleted runs ({0}) for good?</source>
        <translation>Alle gelöschten Läufe ({0}) endgültig entfernen?</translation>
    </message>
    <message>
        <source>Until then, Restore in the list of the Training tab brings them back.</source>
        <translation>Bis dahin holt Wiederherstellen in der Liste unter Training sie zurück.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Deleted profiles</source>
        <translation>Gelöschte Profile</translation>
    </message>
    <message>
        <source>Remove all deleted profiles ({0}) for good?</source>
        <translation>Alle gelöschten Profile ({0}) endgültig entfernen?</translation>
    </message>
    <message>
        <source>Until then, Restore in the list of profiles brings them back.</source>
        <translation>Bis dahin holt „Wiederherstellen“ in der Liste der Profile sie zurück.</translation>
    </message>
    <message>
        <source>Keep a history of written lines</source>
        <translation>Geschriebene Zeilen im Verlauf behalten</translation>
    </message>
    <message>
        <source>In the profile, readable by you alone</source>
        <translation>Im Profil, nur für dich lesbar</translation>
    </message>
    <message>
        <source>History of lines</source>
        <translation>Verlauf der Zeilen</translation>
    </message>
    <message>
        <source>Remove the history of lines ({0}) for good?</source>
        <translation>Den Verlauf der Zeilen ({0}) endgültig löschen?</translation>
    </message>
    <message>
        <source>Texts and ink of all lines are lost.</source>
        <translation>Texte und Striche aller Zeilen gehen verloren.</translation>
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
        <source>random weights</source>
        <translation>zufällige Gewichte</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
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
        <source>It computes on the processor; settings for networks are left out.</source>
        <translation>Es rechnet auf dem Prozessor; Einstellungen für Netze sind weggelassen.</translation>
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
        <source>Regularisation</source>
        <translation>Regularisierung</translation>
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
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>konstant</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>Kosinus</translation>
    </message>
    <message>
        <source>plateau</source>
        <translation>Plateau</translation>
    </message>
    <message>
        <source>Nothing varies: there is nothing to set.</source>
        <translation>Nichts variiert: es gibt nichts einzustellen.</translation>
    </message>
    <message>
        <source>No effect: the data are drawings.</source>
        <translation>Ohne Wirkung: die Daten sind Zeichnungen.</translation>
    </message>
    <message>
        <source>No effect: the data are images.</source>
        <translation>Ohne Wirkung: die Daten sind Bilder.</translation>
    </message>
</context>
<context>
    <name>SetupPage</name>
    <message>
        <source>Show the code…</source>
        <translation>Code zeigen …</translation>
    </message>
    <message>
        <source>Show a script that trains the same without this program</source>
        <translation>Ein Skript zeigen, das ohne dieses Programm dasselbe trainiert</translation>
    </message>
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
        <source>Find rate…</source>
        <translation>Rate suchen …</translation>
    </message>
    <message>
        <source>Try rising learning rates, and suggest one</source>
        <translation>Steigende Lernraten versuchen und eine vorschlagen</translation>
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
        <source>Keep the form as a file, to load it again or pass it on</source>
        <translation>Das Formular als Datei behalten, um es wieder zu laden oder weiterzugeben</translation>
    </message>
    <message>
        <source>Go to Datasets</source>
        <translation>Zu den Datensätzen</translation>
    </message>
    <message>
        <source>Datasets are fetched and imported there</source>
        <translation>Dort werden Datensätze geladen und importiert</translation>
    </message>
    <message>
        <source>Settings of the run</source>
        <translation>Einstellungen des Laufs</translation>
    </message>
    <message>
        <source>Making the starter set</source>
        <translation>Der Startsatz wird erstellt</translation>
    </message>
    <message>
        <source>Making the starter set, then estimating …</source>
        <translation>Der Startsatz wird erstellt, dann wird geschätzt …</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>How much memory a training takes; of a network, parameters and time, too</source>
        <translation>Wie viel Speicher ein Training braucht; bei Netzen auch Parameter und Zeit</translation>
    </message>
    <message>
        <source>End what is being prepared; nothing is left of it</source>
        <translation>Beenden, was vorbereitet wird; nichts davon bleibt</translation>
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
        <source>Estimating …</source>
        <translation>Wird geschätzt …</translation>
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
</context>
<context>
    <name>ShareBars</name>
    <message>
        <source>true</source>
        <translation>wahr</translation>
    </message>
</context>
<context>
    <name>ShellWords</name>
    <message>
        <source>The starter set is made in the Datasets tab, without a network.</source>
        <translation>Der Startsatz wird unter Datensätze erstellt, ohne Internet.</translation>
    </message>
    <message>
        <source>Fetch it in the Datasets tab.</source>
        <translation>Lade es unter Datensätze.</translation>
    </message>
    <message>
        <source>The Datasets tab shows them all.</source>
        <translation>Unter Datensätze stehen alle.</translation>
    </message>
    <message>
        <source>The Training tab offers them all.</source>
        <translation>Unter Training stehen alle zur Wahl.</translation>
    </message>
    <message>
        <source>The Training tab lists the runs.</source>
        <translation>Unter Training stehen die Läufe.</translation>
    </message>
    <message>
        <source>Compare them on a dataset.</source>
        <translation>Vergleiche sie auf einem Datensatz.</translation>
    </message>
    <message>
        <source>Measure it in the Models tab.</source>
        <translation>Miss es unter Modelle.</translation>
    </message>
    <message>
        <source>“{0}”</source>
        <translation>„{0}“</translation>
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
    <name>Sidebar</name>
    <message>
        <source>Catalogue and filters</source>
        <translation>Katalog und Filter</translation>
    </message>
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
        <source>The layers are shown the image. Where the recogniser has learned how the pen moves, the Draw tab can answer otherwise.</source>
        <translation>Den Schichten wird das Bild gezeigt. Wo der Erkenner gelernt hat, wie sich der Stift bewegt, kann der Reiter „Zeichnen“ anders antworten.</translation>
    </message>
    <message>
        <source>Nothing is drawn. Draw in the square, or look at a sample.</source>
        <translation>Nichts ist gezeichnet. Zeichne im Quadrat, oder sieh ein Beispiel an.</translation>
    </message>
    <message>
        <source>The image alone is read as {0}</source>
        <translation>Das Bild allein wird gelesen als {0}</translation>
    </message>
    <message>
        <source>Labelled {0}, read as {1}</source>
        <translation>Klasse {0}, gelesen als {1}</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>&amp;All {0}: digits, capitals, small letters</source>
        <translation>&amp;Alle {0}: Ziffern, Groß- und Kleinbuchstaben</translation>
    </message>
    <message>
        <source>Those &amp;misread among my samples: {0}</source>
        <translation>Die von &amp;meinen Beispielen falsch gelesenen: {0}</translation>
    </message>
    <message>
        <source>{0} with your hand misreads {1:,} of {2:,} samples, each read as if it had not been learned.</source>
        <translation>{0} liest mit der gelernten Handschrift {1:,} von {2:,} Beispielen falsch, jedes so gelesen, als wäre es nicht gelernt.</translation>
    </message>
    <message>
        <source>&amp;These:</source>
        <translation>&amp;Diese:</translation>
    </message>
    <message>
        <source>Characters to collect</source>
        <translation>Zeichen, die gesammelt werden</translation>
    </message>
    <message>
        <source>such as agqß€</source>
        <translation>etwa agqß€</translation>
    </message>
    <message>
        <source>How often each is asked for</source>
        <translation>Wie oft nach jedem gefragt wird</translation>
    </message>
    <message>
        <source>after a pause of {0:.1f} s</source>
        <translation>nach {0:.1f} s Pause</translation>
    </message>
    <message>
        <source>with Enter or Space</source>
        <translation>mit Eingabe- oder Leertaste</translation>
    </message>
    <message>
        <source>After half of it where the drawing is read as what was asked for</source>
        <translation>Nach der Hälfte davon, wo die Zeichnung als das Gefragte gelesen wird</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Start</translation>
    </message>
    <message>
        <source>&amp;Resume at {0} of {1}</source>
        <translation>&amp;Fortsetzen bei {0} von {1}</translation>
    </message>
    <message>
        <source>You are asked for one character after the other, and draw it as you always do. The recogniser learns your hand from three of each. Stop whenever you like: what is drawn is kept, and nothing leaves this computer.</source>
        <translation>Du wirst nach einem Zeichen nach dem anderen gefragt und zeichnest es, wie du es immer schreibst. Aus je dreien lernt der Erkenner deine Handschrift. Höre auf, wann du willst: Was gezeichnet ist, bleibt, und nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>&amp;How often</source>
        <translation>Wie &amp;oft</translation>
    </message>
    <message>
        <source>Next &amp;character</source>
        <translation>Nächstes &amp;Zeichen</translation>
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
        <translation>läuft</translation>
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
    <message>
        <source>made by a newer version</source>
        <translation>von einer neueren Version gemacht</translation>
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
    <name>Tabs</name>
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
        <source>{0}, which read what you draw, was deleted.</source>
        <translation>{0}, der gelesen hat, was du zeichnest, wurde gelöscht.</translation>
    </message>
    <message>
        <source>The bundled recogniser is used instead.</source>
        <translation>Stattdessen liest der mitgelieferte Erkenner.</translation>
    </message>
</context>
<context>
    <name>Task</name>
    <message>
        <source>Something went wrong: {0}.</source>
        <translation>Etwas ging schief: {0}.</translation>
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
    <name>TestQuestion</name>
    <message>
        <source>Test accuracy</source>
        <translation>Testgenauigkeit</translation>
    </message>
    <message>
        <source>Measure {0} on the test data of {1}?</source>
        <translation>{0} an den Testdaten von {1} messen?</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source>It is measured once. Choose your settings by the validation accuracy: a test that settings were chosen by says nothing about unseen data, so runs that are set up otherwise after this one are marked.</source>
        <translation>Sie wird einmal gemessen. Wähle deine Einstellungen nach der Validierungsgenauigkeit: ein Test, nach dem gewählt wurde, sagt nichts über ungesehene Daten; Läufe, die danach anders eingerichtet werden, sind deshalb markiert.</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
</context>
<context>
    <name>TextField</name>
    <message>
        <source>Text of the sheet</source>
        <translation>Text des Blattes</translation>
    </message>
    <message>
        <source>What you write appears here, and can be edited</source>
        <translation>Was du schreibst, erscheint hier und lässt sich bearbeiten</translation>
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
        <source>Validation data</source>
        <translation>Validierungsdaten</translation>
    </message>
    <message>
        <source>Data to choose the best epoch by, named as the dataset is; empty takes the validation split of the dataset, or sets a part of it aside.</source>
        <translation>Daten, nach denen die beste Epoche gewählt wird, benannt wie der Datensatz; leer nimmt den Validierungsteil des Datensatzes oder legt einen Teil beiseite.</translation>
    </message>
    <message>
        <source>Validation share</source>
        <translation>Validierungsanteil</translation>
    </message>
    <message>
        <source>Subset</source>
        <translation>Teilmenge</translation>
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
        <source>After this many epochs, samples whose label the network finds very unlikely are set aside as wrongly labelled; 0 for never.</source>
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
        <source>Moves, turns and bends images a little, anew in every epoch, so that the network does not memorise them.</source>
        <translation>Verschiebt, dreht und verbiegt Bilder ein wenig, in jeder Epoche neu, damit das Netz sie nicht auswendig lernt.</translation>
    </message>
    <message>
        <source>Vary drawings</source>
        <translation>Zeichnungen variieren</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>What to learn from: a dataset by its name, such as starter or mnist, or a file or folder.</source>
        <translation>Woraus gelernt wird: ein Datensatz mit seinem Namen, etwa starter oder mnist, oder eine Datei oder ein Ordner.</translation>
    </message>
    <message>
        <source>How much of each epoch comes from data that are added to the dataset, such as your own samples; 0 takes every sample as often as any other.</source>
        <translation>Wie viel jeder Epoche aus Daten kommt, die dem Datensatz hinzugefügt sind, etwa deinen eigenen Beispielen; 0 nimmt jedes Beispiel so oft wie jedes andere.</translation>
    </message>
    <message>
        <source>as they come</source>
        <translation>wie sie kommen</translation>
    </message>
    <message>
        <source>Train on this many samples chosen at random of those that are not set aside; 0 for all. Fewer is faster but less accurate.</source>
        <translation>Lernt aus so vielen Beispielen, zufällig gewählt aus denen, die nicht beiseitegelegt sind; 0 für alle. Weniger geht schneller, ist aber ungenauer.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>Direction of the pen</source>
        <translation>Richtung des Stifts</translation>
    </message>
    <message>
        <source>Share of the drawings of which the network is shown how the pen moved, not only the picture; the others teach it to read pictures. 0 shows pictures only.</source>
        <translation>Anteil der Zeichnungen, bei denen das Netz auch sieht, wie sich der Stift bewegte, nicht nur das Bild; an den anderen lernt es, Bilder zu lesen. 0 zeigt nur Bilder.</translation>
    </message>
    <message>
        <source>Unusual strokes</source>
        <translation>Ungewöhnliche Striche</translation>
    </message>
    <message>
        <source>Share of the drawings with a direction whose strokes are reversed or in another order, so that an unusual hand is read as well.</source>
        <translation>Anteil der Zeichnungen mit Richtung, deren Striche umgekehrt oder in anderer Reihenfolge sind, damit auch eine ungewöhnliche Hand gelesen wird.</translation>
    </message>
    <message>
        <source>On paper</source>
        <translation>Auf Papier</translation>
    </message>
    <message>
        <source>Share of the images that are made to look like cut out of a photograph: blurred, unevenly lit, on ruled paper, with noise.</source>
        <translation>Anteil der Bilder, die wie aus einem Foto ausgeschnitten aussehen: unscharf, ungleich beleuchtet, auf liniertem Papier, mit Rauschen.</translation>
    </message>
    <message>
        <source>Moves, turns and bends the strokes of drawings, anew in every epoch, as if another hand had drawn them with another pen.</source>
        <translation>Verschiebt, dreht und verbiegt die Striche von Zeichnungen, in jeder Epoche anders, als hätte eine andere Hand sie mit einem anderen Stift gezeichnet.</translation>
    </message>
    <message>
        <source>What is trained: a network, or a classic model.</source>
        <translation>Was trainiert wird: ein Netz oder ein klassisches Modell.</translation>
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
        <source>The network first resizes the images to this side; 0 leaves them as they are.</source>
        <translation>Das Netz bringt die Bilder zuerst auf diese Seitenlänge; 0 lässt sie, wie sie sind.</translation>
    </message>
    <message>
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <source>as the data</source>
        <translation>wie die Daten</translation>
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
        <source>Folder of a recogniser whose predictions are mixed into the training targets.</source>
        <translation>Ordner eines Erkenners, dessen Vorhersagen in die Trainingsziele gemischt werden.</translation>
    </message>
    <message>
        <source>Share of the teacher</source>
        <translation>Anteil des Lehrers</translation>
    </message>
    <message>
        <source>Share of the target that is the teacher&apos;s prediction.</source>
        <translation>Anteil des Ziels, der die Vorhersage des Lehrers ist.</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>How often the network sees all of the data. More learns more, until it overfits.</source>
        <translation>Wie oft das Netz alle Daten sieht. Mehr lernt mehr, bis es überanpasst.</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Batchgröße</translation>
    </message>
    <message>
        <source>Samples the network sees between two updates of its weights. Larger is faster, smaller often generalises better.</source>
        <translation>Beispiele, die das Netz zwischen zwei Anpassungen seiner Gewichte sieht. Größer ist schneller, kleiner verallgemeinert oft besser.</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>Optimierer</translation>
    </message>
    <message>
        <source>How the weights are updated. Adam suits nearly everything; Adadelta is slow to start.</source>
        <translation>Wie die Gewichte angepasst werden. Adam passt fast immer; Adadelta kommt langsam in Gang.</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>How large each update of the weights is. Too large and the loss jumps or is no number; too small and nothing moves.</source>
        <translation>Wie groß jede Anpassung der Gewichte ist. Zu groß, und der Verlust springt oder ist keine Zahl; zu klein, und nichts bewegt sich.</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Constant keeps the rate; cosine lets it rise and then fall to zero; plateau halves it when validation does not improve for three epochs.</source>
        <translation>Konstant hält die Rate; Kosinus lässt sie steigen und dann auf null fallen; Plateau halbiert sie, wenn die Validierung drei Epochen lang nicht besser wird.</translation>
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
        <source>Stop when validation has not improved for this many epochs; 0 for never.</source>
        <translation>Aufhören, wenn die Validierung so viele Epochen lang nicht besser wurde; 0 für nie.</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>Averaging</source>
        <translation>Mittelung</translation>
    </message>
    <message>
        <source>The weights are averaged over about this many epochs, which is more accurate than the last weights; 0 for no averaging.</source>
        <translation>Die Gewichte werden über etwa so viele Epochen gemittelt, was genauer ist als die letzten Gewichte; 0 für keine Mittelung.</translation>
    </message>
    <message>
        <source>Gradient limit</source>
        <translation>Gradientengrenze</translation>
    </message>
    <message>
        <source>Gradients longer than this are clipped to it, which tames a loss that jumps; 0 for no limit.</source>
        <translation>Längere Gradienten werden hierauf gekürzt, was einen springenden Verlust zähmt; 0 für keine Grenze.</translation>
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
        <source>By how much every weight shrinks with each update; for AdamW.</source>
        <translation>Um wie viel jedes Gewicht mit jeder Anpassung schrumpft; für AdamW.</translation>
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
        <source>Seed of all random numbers: the same seed gives the same run.</source>
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
        <source>Steps per call</source>
        <translation>Schritte je Aufruf</translation>
    </message>
    <message>
        <source>Batches computed in one call, before requests such as a pause are handled; 0 chooses by the network&apos;s size.</source>
        <translation>Stapel, die in einem Aufruf gerechnet werden, bevor Wünsche wie eine Pause beachtet werden; 0 wählt nach der Größe des Netzes.</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>von selbst</translation>
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
        <source>Machine learning workflow with EMNIST (course project, HCMUT 2023)</source>
        <translation>Machine learning workflow with EMNIST (Kursprojekt, HCMUT 2023)</translation>
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
        <source>Maximum depth</source>
        <translation>Maximale Tiefe</translation>
    </message>
    <message>
        <source>Questions that a tree asks one after the other, at most.</source>
        <translation>Fragen, die ein Baum höchstens nacheinander stellt.</translation>
    </message>
    <message>
        <source>levels</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>Share of the training data that each tree draws, with replacement.</source>
        <translation>Anteil der Trainingsdaten, den jeder Baum zieht, mit Zurücklegen.</translation>
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
        <source>EMNIST image classification (course project, A. Aranguren, Padua)</source>
        <translation>EMNIST image classification (Kursprojekt, A. Aranguren, Padua)</translation>
    </message>
    <message>
        <source>Random forest on shifted images</source>
        <translation>Zufallswald auf verschobenen Bildern</translation>
    </message>
    <message>
        <source>The forest again, on three times the images: shifted ones teach it to look everywhere.</source>
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
        <source>Maximum shift</source>
        <translation>Maximale Verschiebung</translation>
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
        <source>Separates two classes at a time by the widest margin; good with few samples, slow with many.</source>
        <translation>Trennt je zwei Klassen mit dem breitesten Rand; gut mit wenigen Beispielen, langsam mit vielen.</translation>
    </message>
    <message>
        <source>Dense net, CNN and SVM on 17 characters of 20×20 pixels (course project)</source>
        <translation>Dense net, CNN and SVM on 17 characters of 20×20 pixels (Kursprojekt)</translation>
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
        <source>Parts of the data; each is predicted once by a model trained on the others.</source>
        <translation>Teile der Daten; jeder wird einmal von einem Modell vorhergesagt, das auf den anderen trainiert ist.</translation>
    </message>
    <message>
        <source>Gradient boosted trees</source>
        <translation>Gradientenverstärkte Bäume</translation>
    </message>
    <message>
        <source>Each new tree corrects the errors of those before it; needs the package xgboost.</source>
        <translation>Jeder neue Baum korrigiert die Fehler der vorigen; braucht das Paket xgboost.</translation>
    </message>
    <message>
        <source>Recognizing handwritten digits (course project INF283, S. Eik de Lange)</source>
        <translation>Recognizing handwritten digits (Kursprojekt INF283, S. Eik de Lange)</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>Runden</translation>
    </message>
    <message>
        <source>Each adds one tree per class.</source>
        <translation>Jede fügt einen Baum je Klasse hinzu.</translation>
    </message>
    <message>
        <source>Step size</source>
        <translation>Schrittweite</translation>
    </message>
    <message>
        <source>How much of each error a tree corrects.</source>
        <translation>Wie viel von jedem Fehler ein Baum korrigiert.</translation>
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
        <source>Activation function of the hidden neurons; the source compared these three.</source>
        <translation>Aktivierungsfunktion der verdeckten Neuronen; die Quelle verglich diese drei.</translation>
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
        <source>Side of the squares of which only the strongest response is kept; larger is coarser.</source>
        <translation>Seite der Quadrate, von denen nur die stärkste Aktivierung bleibt; größer ist gröber.</translation>
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
        <source>Standard deviation of the noise added while training, as a share of full ink.</source>
        <translation>Standardabweichung des beim Training zugefügten Rauschens, als Anteil der vollen Tinte.</translation>
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
        <source>Vanilla CNN, LeNet-5 and ResNet on EMNIST Balanced (course project)</source>
        <translation>Vanilla CNN, LeNet-5 and ResNet on EMNIST Balanced (Kursprojekt)</translation>
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
        <source>LeCun et al. 1998; Vanilla CNN, LeNet-5 and ResNet on EMNIST Balanced (course project)</source>
        <translation>LeCun et al. 1998; Vanilla CNN, LeNet-5 and ResNet on EMNIST Balanced (Kursprojekt)</translation>
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
        <source>He et al. 2015 (arXiv 1512.03385); Vanilla CNN, LeNet-5 and ResNet on EMNIST Balanced (course project)</source>
        <translation>He et al. 2015 (arXiv 1512.03385); Vanilla CNN, LeNet-5 and ResNet on EMNIST Balanced (Kursprojekt)</translation>
    </message>
    <message>
        <source>VGG-5</source>
        <translation>VGG-5</translation>
    </message>
    <message>
        <source>Ten 3×3 convolutions in four groups: among the best on EMNIST, if you have the time.</source>
        <translation>Zehn 3×3-Faltungen in vier Gruppen: unter den Besten auf EMNIST, wenn man die Zeit hat.</translation>
    </message>
    <message>
        <source>Kabir et al. 2020, SpinalNet (arXiv 2007.03347)</source>
        <translation>Kabir et al. 2020, SpinalNet (arXiv 2007.03347)</translation>
    </message>
    <message>
        <source>EMNIST Desktop&apos;s own</source>
        <translation>EMNIST Desktops eigenes</translation>
    </message>
    <message>
        <source>Seven convolutions, made for drawings: the network of the bundled recogniser.</source>
        <translation>Sieben Faltungen, für Zeichnungen gemacht: das Netz des mitgelieferten Erkenners.</translation>
    </message>
    <message>
        <source>EMNIST Desktop, after Simonyan and Zisserman 2015 (arXiv 1409.1556)</source>
        <translation>EMNIST Desktop, nach Simonyan und Zisserman 2015 (arXiv 1409.1556)</translation>
    </message>
    <message>
        <source>Late maps</source>
        <translation>Späte Karten</translation>
    </message>
    <message>
        <source>Maps of 7×7 pixels; of 4×4 there are twice as many. The bundled recogniser has 176.</source>
        <translation>Karten von 7×7 Pixeln; von 4×4 gibt es doppelt so viele. Der mitgelieferte Erkenner hat 176.</translation>
    </message>
    <message>
        <source>you</source>
        <translation>du</translation>
    </message>
    <message>
        <source>Vary images: shift</source>
        <translation>Bilder variieren: Verschiebung</translation>
    </message>
    <message>
        <source>Vary images: rotation</source>
        <translation>Bilder variieren: Drehung</translation>
    </message>
    <message>
        <source>Vary images: scale</source>
        <translation>Bilder variieren: Größe</translation>
    </message>
    <message>
        <source>Vary images: shear</source>
        <translation>Bilder variieren: Scherung</translation>
    </message>
    <message>
        <source>Vary images: elastic</source>
        <translation>Bilder variieren: elastisch</translation>
    </message>
    <message>
        <source>Vary images: noise</source>
        <translation>Bilder variieren: Rauschen</translation>
    </message>
    <message>
        <source>of full ink</source>
        <translation>als Teil der vollen Tinte</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Unschärfe</translation>
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
        <source>°</source>
        <translation>°</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>of the size</source>
        <translation>der Größe</translation>
    </message>
    <message>
        <source>Thinner pen</source>
        <translation>Dünnerer Stift</translation>
    </message>
    <message>
        <source>× the width</source>
        <translation>× der Breite</translation>
    </message>
    <message>
        <source>Thicker pen</source>
        <translation>Dickerer Stift</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>of full contrast</source>
        <translation>des vollen Kontrasts</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>Verdeckung</translation>
    </message>
    <message>
        <source>Salt and pepper</source>
        <translation>Salz und Pfeffer</translation>
    </message>
    <message>
        <source>of all grains</source>
        <translation>aller Körner</translation>
    </message>
    <message>
        <source>My samples</source>
        <translation>Meine Beispiele</translation>
    </message>
    <message>
        <source>my samples</source>
        <translation>eigene Beispiele</translation>
    </message>
    <message>
        <source>Starter set</source>
        <translation>Startsatz</translation>
    </message>
    <message>
        <source>Bundled recogniser</source>
        <translation>Mitgelieferter Erkenner</translation>
    </message>
    <message>
        <source>Class weights</source>
        <translation>Klassengewichte</translation>
    </message>
    <message>
        <source>Part of all samples to train on, whatever the subset, that is set aside to choose the best epoch by.</source>
        <translation>Teil aller Trainingsbeispiele, unabhängig von der Teilmenge, der beiseitegelegt wird, um nach ihm die beste Epoche zu wählen.</translation>
    </message>
    <message>
        <source>0 counts every sample alike; 1 lets every class weigh the same in the loss, however many samples it has.</source>
        <translation>0 zählt jedes Beispiel gleich; bei 1 wiegt jede Klasse im Verlust gleich viel, wie viele Beispiele sie auch hat.</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Layers of the model own, one after the other; a dense layer gives the classes.</source>
        <translation>Schichten des eigenen Netzes, eine nach der anderen; eine dichte Schicht liefert die Klassen.</translation>
    </message>
    <message>
        <source>Mixing</source>
        <translation>Mischen</translation>
    </message>
    <message>
        <source>Mixes each image and its target with another&apos;s: mixup blends all pixels, cutmix takes a rectangle of the other.</source>
        <translation>Mischt jedes Bild und sein Ziel mit einem anderen: mixup überblendet alle Pixel, cutmix nimmt ein Rechteck des anderen.</translation>
    </message>
    <message>
        <source>Strength of the mixing</source>
        <translation>Stärke des Mischens</translation>
    </message>
    <message>
        <source>Small values leave most images nearly as they are; 1 mixes in all proportions alike.</source>
        <translation>Kleine Werte lassen die meisten Bilder fast, wie sie sind; 1 mischt in allen Verhältnissen gleich oft.</translation>
    </message>
    <message>
        <source>Erasing</source>
        <translation>Auslöschen</translation>
    </message>
    <message>
        <source>Share of the images of which a random rectangle is erased, so that the network relies on no single part.</source>
        <translation>Anteil der Bilder, aus denen ein zufälliges Rechteck gelöscht wird, damit sich das Netz auf keinen einzelnen Teil verlässt.</translation>
    </message>
    <message>
        <source>Share per tree</source>
        <translation>Anteil je Baum</translation>
    </message>
    <message>
        <source>My network</source>
        <translation>Mein Netz</translation>
    </message>
    <message>
        <source>Layers that you choose yourself, one after the other.</source>
        <translation>Schichten, die du selbst wählst, eine nach der anderen.</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Stride</source>
        <translation>Schrittweite</translation>
    </message>
    <message>
        <source>Edges</source>
        <translation>Ränder</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>Bias</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>Faltung</translation>
    </message>
    <message>
        <source>Looks for patterns everywhere in the map.</source>
        <translation>Sucht überall in der Karte nach Mustern.</translation>
    </message>
    <message>
        <source>Maps that the layer gives; each filter looks for one pattern.</source>
        <translation>Karten, die die Schicht liefert; jeder Filter sucht ein Muster.</translation>
    </message>
    <message>
        <source>Side of the square that a filter sees.</source>
        <translation>Seite des Quadrats, das ein Filter sieht.</translation>
    </message>
    <message>
        <source>Steps between two places that are looked at; 2 halves the map.</source>
        <translation>Schritte zwischen zwei betrachteten Stellen; 2 halbiert die Karte.</translation>
    </message>
    <message>
        <source>same adds a margin of zeros, so that the map keeps its size; valid adds none.</source>
        <translation>same fügt einen Rand aus Nullen an, sodass die Karte ihre Größe behält; valid keinen.</translation>
    </message>
    <message>
        <source>Function of each output; none leaves it to a layer.</source>
        <translation>Funktion jeder Ausgabe; none überlässt sie einer Schicht.</translation>
    </message>
    <message>
        <source>A number added to each output; batch normalisation has its own.</source>
        <translation>Eine Zahl, die zu jeder Ausgabe addiert wird; die Batch-Normalisierung hat eine eigene.</translation>
    </message>
    <message>
        <source>Depthwise convolution</source>
        <translation>Tiefenweise Faltung</translation>
    </message>
    <message>
        <source>Looks for patterns in each map by itself: far fewer multiplications.</source>
        <translation>Sucht in jeder Karte für sich nach Mustern: viel weniger Multiplikationen.</translation>
    </message>
    <message>
        <source>Separable convolution</source>
        <translation>Separierbare Faltung</translation>
    </message>
    <message>
        <source>A depthwise convolution, whose maps are then mixed: a cheap convolution.</source>
        <translation>Eine tiefenweise Faltung, deren Karten danach gemischt werden: eine billige Faltung.</translation>
    </message>
    <message>
        <source>Residual block</source>
        <translation>Residualblock</translation>
    </message>
    <message>
        <source>Convolutions with a shortcut around them: they learn what is to be added.</source>
        <translation>Faltungen mit einer Abkürzung um sie herum: Sie lernen, was hinzukommen soll.</translation>
    </message>
    <message>
        <source>Convolutions</source>
        <translation>Faltungen</translation>
    </message>
    <message>
        <source>Each is followed by batch normalisation.</source>
        <translation>Auf jede folgt eine Batch-Normalisierung.</translation>
    </message>
    <message>
        <source>Maximum pooling</source>
        <translation>Maximum-Pooling</translation>
    </message>
    <message>
        <source>Keeps the largest value of each square.</source>
        <translation>Behält den größten Wert jedes Quadrats.</translation>
    </message>
    <message>
        <source>Side of the square that becomes one value.</source>
        <translation>Seite des Quadrats, das ein Wert wird.</translation>
    </message>
    <message>
        <source>Steps between two squares; 0 for the size of a square.</source>
        <translation>Schritte zwischen zwei Quadraten; 0 für die Größe eines Quadrats.</translation>
    </message>
    <message>
        <source>Average pooling</source>
        <translation>Mittelwert-Pooling</translation>
    </message>
    <message>
        <source>Keeps the mean of each square.</source>
        <translation>Behält den Mittelwert jedes Quadrats.</translation>
    </message>
    <message>
        <source>Global average pooling</source>
        <translation>Globales Mittelwert-Pooling</translation>
    </message>
    <message>
        <source>Keeps the mean of each map: one number for each filter.</source>
        <translation>Behält den Mittelwert jeder Karte: eine Zahl für jeden Filter.</translation>
    </message>
    <message>
        <source>Flatten</source>
        <translation>Flatten</translation>
    </message>
    <message>
        <source>Lines up all values of the maps for a dense layer.</source>
        <translation>Reiht alle Werte der Karten für eine dichte Schicht auf.</translation>
    </message>
    <message>
        <source>Dense layer</source>
        <translation>Dichte Schicht</translation>
    </message>
    <message>
        <source>Each neuron sees all values.</source>
        <translation>Jedes Neuron sieht alle Werte.</translation>
    </message>
    <message>
        <source>More learn more, and cost more.</source>
        <translation>Mehr lernen mehr und kosten mehr.</translation>
    </message>
    <message>
        <source>Hides values at random while training.</source>
        <translation>Verbirgt beim Training zufällig Werte.</translation>
    </message>
    <message>
        <source>Share that is hidden.</source>
        <translation>Anteil, der verborgen wird.</translation>
    </message>
    <message>
        <source>Batch normalisation</source>
        <translation>Batch-Normalisierung</translation>
    </message>
    <message>
        <source>Brings each map to mean 0 and deviation 1: larger networks train faster.</source>
        <translation>Bringt jede Karte auf Mittelwert 0 und Abweichung 1: Größere Netze lernen schneller.</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>Momentum</translation>
    </message>
    <message>
        <source>How slowly the averages follow the batches.</source>
        <translation>Wie langsam die Mittelwerte den Batches folgen.</translation>
    </message>
    <message>
        <source>A function of each value.</source>
        <translation>Eine Funktion jedes Wertes.</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>Funktion</translation>
    </message>
    <message>
        <source>relu cuts off what is negative; tanh and sigmoid bend.</source>
        <translation>relu schneidet Negatives ab; tanh und sigmoid krümmen.</translation>
    </message>
    <message>
        <source>Adds noise while training.</source>
        <translation>Fügt beim Training Rauschen hinzu.</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>Standard deviation, as a share of full ink at the input.</source>
        <translation>Standardabweichung, am Eingang als Teil voller Tinte.</translation>
    </message>
    <message>
        <source>Margin of zeros</source>
        <translation>Rand aus Nullen</translation>
    </message>
    <message>
        <source>Adds a margin around the maps.</source>
        <translation>Fügt einen Rand um die Karten an.</translation>
    </message>
    <message>
        <source>Width of the margin.</source>
        <translation>Breite des Randes.</translation>
    </message>
    <message>
        <source>Resizing</source>
        <translation>Größenänderung</translation>
    </message>
    <message>
        <source>Makes the maps larger or smaller, smoothly.</source>
        <translation>Vergrößert oder verkleinert die Karten, weich.</translation>
    </message>
    <message>
        <source>Side of the new map.</source>
        <translation>Seite der neuen Karte.</translation>
    </message>
    <message>
        <source>Experiment tracker</source>
        <translation>Experiment-Tracker</translation>
    </message>
    <message>
        <source>Where the figures of the run go as well: tensorboard writes them into the folder of the run, mlflow to MLFLOW_TRACKING_URI or into a database of the profile.</source>
        <translation>Wohin die Zahlen des Laufs außerdem gehen: tensorboard schreibt sie in den Ordner des Laufs, mlflow an MLFLOW_TRACKING_URI oder in eine Datenbank des Profils.</translation>
    </message>
</context>
<context>
    <name>TrainerChild</name>
    <message>
        <source>The log says more: Help, Open log folder.</source>
        <translation>Das Protokoll sagt mehr: Hilfe, Protokollordner öffnen.</translation>
    </message>
    <message>
        <source>The trainer cannot be started: {0}.</source>
        <translation>Der Trainer kann nicht gestartet werden: {0}.</translation>
    </message>
</context>
<context>
    <name>TrainerErrors</name>
    <message>
        <source>Expected a file to write the data beside. Received: none.</source>
        <translation>Erwartet: eine Datei, neben die die Daten geschrieben werden. Erhalten: keine.</translation>
    </message>
    <message>
        <source>Name it with --to.</source>
        <translation>Nenne sie mit --to.</translation>
    </message>
    <message>
        <source>The code needs a package that is not installed: {package}.</source>
        <translation>Der Code braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>{name} has {width}×{height} pixels; at most {most} million are read, and {side} along a side.</source>
        <translation>{name} hat {width}×{height} Pixel; gelesen werden höchstens {most} Millionen, und {side} je Seite.</translation>
    </message>
    <message>
        <source>{name} is in the format {format}, which is not read.</source>
        <translation>{name} ist im Format {format}, das nicht gelesen wird.</translation>
    </message>
    <message>
        <source>Save it as PNG or JPEG.</source>
        <translation>Speichere es als PNG oder JPEG.</translation>
    </message>
    <message>
        <source>it has {size}, and at most {most} are read</source>
        <translation>sie hat {size}, und gelesen werden höchstens {most}</translation>
    </message>
    <message>
        <source>it is no file but a folder, a device or a pipe</source>
        <translation>das ist keine Datei, sondern ein Ordner, ein Gerät oder eine Pipe</translation>
    </message>
    <message>
        <source>A network in a .keras, .h5 or .tflite file can be measured: python -m trainer evaluate --model FILE --alphabet digits --data NAME.</source>
        <translation>Ein Netz in einer .keras-, .h5- oder .tflite-Datei lässt sich messen: python -m trainer evaluate --model DATEI --alphabet digits --data NAME.</translation>
    </message>
    <message>
        <source>Call it once on a batch of images, and save it again.</source>
        <translation>Rufe es einmal mit einem Stapel Bilder auf und speichere es neu.</translation>
    </message>
    <message>
        <source>Convert it where it was made: model = keras.models.load_model(&apos;{path}&apos;), then model.save(&apos;{stem}.keras&apos;).</source>
        <translation>Wandle es dort um, wo es entstanden ist: model = keras.models.load_model(&apos;{path}&apos;), dann model.save(&apos;{stem}.keras&apos;).</translation>
    </message>
    <message>
        <source>Expected a list of strokes in &quot;drawing&quot;.</source>
        <translation>Erwartet: eine Liste von Strichen in „drawing“.</translation>
    </message>
    <message>
        <source>Expected as many x as y in stroke {number}.</source>
        <translation>Erwartet: gleich viele x wie y in Strich {number}.</translation>
    </message>
    <message>
        <source>{path} ({format}) holds drawings, but does not say what they show.</source>
        <translation>{path} ({format}) enthält Zeichnungen, sagt aber nicht, was sie zeigen.</translation>
    </message>
    <message>
        <source>{path} ({format}) holds no pen strokes.</source>
        <translation>{path} ({format}) enthält keine Stiftstriche.</translation>
    </message>
    <message>
        <source>{path} declares XML entities; it is not opened.</source>
        <translation>{path} deklariert XML-Entitäten und wird nicht geöffnet.</translation>
    </message>
    <message>
        <source>{path} does not say what its inputs are.</source>
        <translation>{path} sagt nicht, was seine Eingaben sind.</translation>
    </message>
    <message>
        <source>{path} holds the weights of a Keras network, but not the network.</source>
        <translation>{path} enthält die Gewichte eines Keras-Netzes, aber nicht das Netz.</translation>
    </message>
    <message>
        <source>{path} is a SavedModel of TensorFlow, which is not read.</source>
        <translation>{path} ist ein SavedModel von TensorFlow, das nicht gelesen wird.</translation>
    </message>
    <message>
        <source>{path} is a file of HDF5 data, but no Keras network.</source>
        <translation>{path} ist eine Datei mit HDF5-Daten, aber kein Keras-Netz.</translation>
    </message>
    <message>
        <source>{path} is far too large for a document of inks.</source>
        <translation>{path} ist viel zu groß für ein Dokument mit Zeichnungen.</translation>
    </message>
    <message>
        <source>{path} is nested too deeply, or too large.</source>
        <translation>{path} ist zu tief verschachtelt oder zu groß.</translation>
    </message>
    <message>
        <source>Filled shapes and pictures are no strokes; save it as a picture instead.</source>
        <translation>Gefüllte Formen und Bilder sind keine Striche; speichere es stattdessen als Bild.</translation>
    </message>
    <message>
        <source>Left out for lack of a label: {n_lacking} of {n_inks} drawings.</source>
        <translation>Mangels Beschriftung ausgelassen: {n_lacking} von {n_inks} Zeichnungen.</translation>
    </message>
    <message>
        <source>Networks are read as .keras, .h5 or .tflite; save or convert it as one of these where it was made.</source>
        <translation>Netze werden als .keras, .h5 oder .tflite gelesen; speichere oder wandle es dort so um, wo es entstanden ist.</translation>
    </message>
    <message>
        <source>Quick Draw&apos;s strokes are like [[x, x], [y, y]].</source>
        <translation>Striche von Quick Draw sehen so aus: [[x, x], [y, y]].</translation>
    </message>
    <message>
        <source>Save it again with the program that made it.</source>
        <translation>Speichere es mit dem Programm neu, das es erzeugt hat.</translation>
    </message>
    <message>
        <source>Save the whole network: model.save(&apos;{stem}.keras&apos;)</source>
        <translation>Speichere das ganze Netz: model.save(&apos;{stem}.keras&apos;)</translation>
    </message>
    <message>
        <source>a Core ML network</source>
        <translation>ein Core-ML-Netz</translation>
    </message>
    <message>
        <source>a PyTorch file, which can run code</source>
        <translation>eine PyTorch-Datei, die Code ausführen kann</translation>
    </message>
    <message>
        <source>a graph of TensorFlow</source>
        <translation>ein TensorFlow-Graph</translation>
    </message>
    <message>
        <source>a path has far too many points</source>
        <translation>ein Pfad hat viel zu viele Punkte</translation>
    </message>
    <message>
        <source>an ONNX network</source>
        <translation>ein ONNX-Netz</translation>
    </message>
    <message>
        <source>an object that can run code</source>
        <translation>ein Objekt, das Code ausführen kann</translation>
    </message>
    <message>
        <source>it has far too many points for one character</source>
        <translation>es hat viel zu viele Punkte für ein Zeichen</translation>
    </message>
    <message>
        <source>its groups refer to far too many points</source>
        <translation>seine Gruppen verweisen auf viel zu viele Punkte</translation>
    </message>
    <message>
        <source>no network of a known kind</source>
        <translation>kein Netz einer bekannten Art</translation>
    </message>
    <message>
        <source>weights without a network</source>
        <translation>Gewichte ohne Netz</translation>
    </message>
    <message>
        <source>{folder} is a file; a recogniser is a folder with {card_name}.</source>
        <translation>{folder} ist eine Datei; ein Erkenner ist ein Ordner mit {card_name}.</translation>
    </message>
    <message>
        <source>{path} is no PDF.</source>
        <translation>{path} ist kein PDF.</translation>
    </message>
    <message>
        <source>{path} is no valid XML: {reason}.</source>
        <translation>{path} ist kein gültiges XML: {reason}.</translation>
    </message>
    <message>
        <source>{path} is not opened: it is {kind}.</source>
        <translation>{path} wird nicht geöffnet: Es ist {kind}.</translation>
    </message>
    <message>
        <source>&apos;{codec}&apos; codec can&apos;t decode byte {byte} in position {position}: {reason}</source>
        <translation>Byte {byte} an Stelle {position} ist kein {codec}: {reason}</translation>
    </message>
    <message>
        <source>(n, height, width, 1) and (n, pixels) will do too; images and labels may be swapped.</source>
        <translation>(n, Höhe, Breite, 1) und (n, Pixel) gehen auch; vielleicht sind Bilder und Klassen vertauscht.</translation>
    </message>
    <message>
        <source>--language is for lines, not for characters.</source>
        <translation>--language gilt für Zeilen, nicht für Zeichen.</translation>
    </message>
    <message>
        <source>--page is for those: leave it out.</source>
        <translation>--page gilt nur dafür: Lass es weg.</translation>
    </message>
    <message>
        <source>111,399 images of 20×20 pixels, 0 to 9, A to F and empty: 17 classes</source>
        <translation>111.399 Bilder von 20×20 Pixeln, 0 bis 9, A bis F und leer: 17 Klassen</translation>
    </message>
    <message>
        <source>26 letters; capital and small are one class.</source>
        <translation>26 Buchstaben; Groß- und Kleinbuchstabe sind eine Klasse.</translation>
    </message>
    <message>
        <source>47 classes of one size: digits, capitals, and the small letters that look different. The best to begin with.</source>
        <translation>47 Klassen gleicher Größe: Ziffern, Großbuchstaben und die Kleinbuchstaben, die anders aussehen. Am besten für den Anfang.</translation>
    </message>
    <message>
        <source>47 classes: small letters that look like their capitals are merged with them.</source>
        <translation>47 Klassen: Kleinbuchstaben, die wie ihre Großbuchstaben aussehen, sind mit ihnen vereint.</translation>
    </message>
    <message>
        <source>A fiftieth of the data is set aside, which the source trains on.</source>
        <translation>Ein Fünfzigstel der Daten, auf dem die Quelle trainiert, ist zurückgelegt.</translation>
    </message>
    <message>
        <source>A line holds a character, p, c or -, a weight, and strokes such as &apos;0,100 40,0! 80,100 / 14,62 66,62&apos;.</source>
        <translation>Eine Zeile enthält ein Zeichen, p, c oder -, ein Gewicht und Striche wie &apos;0,100 40,0! 80,100 / 14,62 66,62&apos;.</translation>
    </message>
    <message>
        <source>A map needs the samples of a dataset.</source>
        <translation>Eine Karte braucht die Beispiele eines Datensatzes.</translation>
    </message>
    <message>
        <source>A model file does not say which characters its classes are.</source>
        <translation>Eine Modelldatei sagt nicht, welche Zeichen ihre Klassen sind.</translation>
    </message>
    <message>
        <source>A model learns to tell classes apart; choose other data, or more of them.</source>
        <translation>Ein Modell lernt, Klassen zu unterscheiden; wähle andere Daten oder mehr davon.</translation>
    </message>
    <message>
        <source>A pen archive is an .npz file with points, stroke_start, sample_start, label, writer.</source>
        <translation>Ein Stiftarchiv ist eine .npz-Datei mit points, stroke_start, sample_start, label, writer.</translation>
    </message>
    <message>
        <source>A pen archive.</source>
        <translation>Ein Stiftarchiv.</translation>
    </message>
    <message>
        <source>A row of a picture has a value for each pixel: 784 for 28×28, at least 49.</source>
        <translation>Eine Zeile eines Bildes hat einen Wert für jeden Bildpunkt: 784 für 28×28, mindestens 49.</translation>
    </message>
    <message>
        <source>Add --line.</source>
        <translation>Füge --line hinzu.</translation>
    </message>
    <message>
        <source>Add --vary FIELD=VALUES; --study alone goes on with a search.</source>
        <translation>Ergänze --vary FELD=WERTE; mit --study allein geht eine Suche weiter.</translation>
    </message>
    <message>
        <source>Add a name such as report.html.</source>
        <translation>Ergänze einen Namen wie report.html.</translation>
    </message>
    <message>
        <source>Add a step, {name}={low}..{high}:STEP, or list the values.</source>
        <translation>Ergänze eine Schrittweite, {name}={low}..{high}:SCHRITT, oder zähle die Werte auf.</translation>
    </message>
    <message>
        <source>All 62 characters, as often as they were written.</source>
        <translation>Alle 62 Zeichen, so häufig, wie sie geschrieben wurden.</translation>
    </message>
    <message>
        <source>All 62 characters, made by this program: no network is needed.</source>
        <translation>Alle 62 Zeichen, von diesem Programm erstellt: dafür wird kein Internet gebraucht.</translation>
    </message>
    <message>
        <source>All are treated alike; look at the samples.</source>
        <translation>Alle werden gleich behandelt; sieh dir die Beispiele an.</translation>
    </message>
    <message>
        <source>All names: python -m trainer datasets list.</source>
        <translation>Alle Namen: python -m trainer datasets list.</translation>
    </message>
    <message>
        <source>An alphabet names each character once.</source>
        <translation>Ein Alphabet nennt jedes Zeichen einmal.</translation>
    </message>
    <message>
        <source>An image is base64 of its bytes, or a list of rows of numbers to 255.</source>
        <translation>Ein Bild sind seine Bytes in base64 oder eine Liste von Zeilen mit Zahlen bis 255.</translation>
    </message>
    <message>
        <source>An ink holds one character; keep several as lines of a .jsonl file.</source>
        <translation>Eine Zeichnung enthält ein Zeichen; mehrere gehören als Zeilen in eine .jsonl-Datei.</translation>
    </message>
    <message>
        <source>An ink looks like {&quot;strokes&quot;: [[[10, 12], [11, 15]], [[40, 8]]]}.</source>
        <translation>Eine Zeichnung sieht so aus: {&quot;strokes&quot;: [[[10, 12], [11, 15]], [[40, 8]]]}.</translation>
    </message>
    <message>
        <source>Another address can be given: python -m trainer datasets fetch NAME --mirror URL.</source>
        <translation>Eine andere Adresse kann angegeben werden: python -m trainer datasets fetch NAME --mirror URL.</translation>
    </message>
    <message>
        <source>Another program has changed it. Fetch or import the data again.</source>
        <translation>Ein anderes Programm hat sie geändert. Die Daten erneut abrufen oder importieren.</translation>
    </message>
    <message>
        <source>Ask {&quot;open&quot;: {&quot;data&quot;: …}} first.</source>
        <translation>Frage zuerst {&quot;open&quot;: {&quot;data&quot;: …}}.</translation>
    </message>
    <message>
        <source>Bad CRC-32 for file {path}</source>
        <translation>falsche Prüfsumme (CRC-32) bei {path}</translation>
    </message>
    <message>
        <source>Begin it with --vary, and --data for what to learn from.</source>
        <translation>Beginne sie mit --vary, und mit --data für das, woraus gelernt wird.</translation>
    </message>
    <message>
        <source>Bring all lines to one range.</source>
        <translation>Bring alle Zeilen in einen Wertebereich.</translation>
    </message>
    <message>
        <source>Broken pipe</source>
        <translation>Verbindung unterbrochen</translation>
    </message>
    <message>
        <source>CRC check failed {found} != {expected}</source>
        <translation>falsche Prüfsumme (CRC) {found}, nicht {expected}</translation>
    </message>
    <message>
        <source>Cancel it first.</source>
        <translation>Brich ihn zuerst ab.</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>Nicht genug Arbeitsspeicher</translation>
    </message>
    <message>
        <source>Cannot load file containing pickled data when allow_pickle=False</source>
        <translation>sie enthält Python-Objekte, die Code ausführen können</translation>
    </message>
    <message>
        <source>Check its rights.</source>
        <translation>Prüfe die Zugriffsrechte.</translation>
    </message>
    <message>
        <source>Check that it can be written to, then add --resume to go on.</source>
        <translation>Prüfe, ob dorthin geschrieben werden kann, und mach dann mit --resume weiter.</translation>
    </message>
    <message>
        <source>Check the archive.</source>
        <translation>Prüfe das Archiv.</translation>
    </message>
    <message>
        <source>Check the name of the file.</source>
        <translation>Prüfe den Namen der Datei.</translation>
    </message>
    <message>
        <source>Check the path (it is a folder with {card_name}), or choose another recogniser.</source>
        <translation>Prüfe den Pfad (es ist ein Ordner mit {card_name}), oder wähle einen anderen Erkenner.</translation>
    </message>
    <message>
        <source>Check the path after --data.</source>
        <translation>Prüfe den Pfad nach --data.</translation>
    </message>
    <message>
        <source>Check the path after --model.</source>
        <translation>Prüfe den Pfad nach --model.</translation>
    </message>
    <message>
        <source>Check the path of the labels.</source>
        <translation>Prüfe den Pfad der Klassen.</translation>
    </message>
    <message>
        <source>Check the path.</source>
        <translation>Prüfe den Pfad.</translation>
    </message>
    <message>
        <source>Check the program that wrote this ink.</source>
        <translation>Prüfe das Programm, das diese Zeichnung geschrieben hat.</translation>
    </message>
    <message>
        <source>Check {file}.</source>
        <translation>Prüfe {file}.</translation>
    </message>
    <message>
        <source>Choose a file that was exported as a bundle.</source>
        <translation>Wähle eine Datei, die als Erkenner exportiert wurde.</translation>
    </message>
    <message>
        <source>Choose a folder inside it.</source>
        <translation>Wähle einen Ordner darin.</translation>
    </message>
    <message>
        <source>Choose a folder that you may write to.</source>
        <translation>Wähle einen Ordner, in den du schreiben darfst.</translation>
    </message>
    <message>
        <source>Choose a larger dataset.</source>
        <translation>Wähle einen größeren Datensatz.</translation>
    </message>
    <message>
        <source>Choose a network that takes grey images and has one output per character.</source>
        <translation>Wähle ein Netz, das graue Bilder nimmt und einen Ausgang je Zeichen hat.</translation>
    </message>
    <message>
        <source>Choose a run of one of the networks.</source>
        <translation>Wähle einen Lauf eines der Netze.</translation>
    </message>
    <message>
        <source>Choose a run of one of the presets.</source>
        <translation>Wähle einen Lauf einer der Vorlagen.</translation>
    </message>
    <message>
        <source>Choose a smaller batch size, or more data.</source>
        <translation>Wähle eine kleinere Batchgröße oder mehr Daten.</translation>
    </message>
    <message>
        <source>Choose another --name, or give the settings that it was begun with.</source>
        <translation>Wähle einen anderen --name, oder gib die Einstellungen an, mit denen sie begonnen wurde.</translation>
    </message>
    <message>
        <source>Choose another --run-dir that can be written to.</source>
        <translation>Wähle ein anderes --run-dir, in das geschrieben werden kann.</translation>
    </message>
    <message>
        <source>Choose another --run-dir, or add --resume to go on with the run in it.</source>
        <translation>Wähle ein anderes --run-dir, oder setze den Lauf darin mit --resume fort.</translation>
    </message>
    <message>
        <source>Choose another dataset.</source>
        <translation>Wähle einen anderen Datensatz.</translation>
    </message>
    <message>
        <source>Choose another folder, or free some space.</source>
        <translation>Wähle einen anderen Ordner, oder schaffe Platz.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Wähle einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Choose another name, so that nothing is mixed.</source>
        <translation>Wähle einen anderen Namen, damit nichts vermischt wird.</translation>
    </message>
    <message>
        <source>Choose another one, such as {new_name}, or remove that dataset.</source>
        <translation>Wähle einen anderen, etwa {new_name}, oder entferne jenen Datensatz.</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>Wähle einen anderen.</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>Wähle einen anderen Ort.</translation>
    </message>
    <message>
        <source>Choose another recogniser, or ask for the file again.</source>
        <translation>Wähle einen anderen Erkenner, oder bitte noch einmal um die Datei.</translation>
    </message>
    <message>
        <source>Choose another recogniser, or install the program again.</source>
        <translation>Wähle einen anderen Erkenner, oder installiere das Programm neu.</translation>
    </message>
    <message>
        <source>Choose another recogniser, or train it again.</source>
        <translation>Wähle einen anderen Erkenner, oder trainiere ihn neu.</translation>
    </message>
    <message>
        <source>Choose at least one sample.</source>
        <translation>Wähle mindestens ein Beispiel.</translation>
    </message>
    <message>
        <source>Choose fewer, or export them as pictures or arrays.</source>
        <translation>Wähle weniger, oder exportiere sie als Bilder oder Arrays.</translation>
    </message>
    <message>
        <source>Choose one of the folders.</source>
        <translation>Wähle einen der Ordner.</translation>
    </message>
    <message>
        <source>Choose other data.</source>
        <translation>Wähle andere Daten.</translation>
    </message>
    <message>
        <source>Choose other validation data.</source>
        <translation>Wähle andere Validierungsdaten.</translation>
    </message>
    <message>
        <source>Choose test data of the same alphabet.</source>
        <translation>Wähle Testdaten mit demselben Alphabet.</translation>
    </message>
    <message>
        <source>Choose the device auto or cpu.</source>
        <translation>Wähle als Gerät auto oder cpu.</translation>
    </message>
    <message>
        <source>Choose the file with the labels too (--labels), or name the two alike: my_images.npy and my_labels.npy.</source>
        <translation>Wähle auch die Datei mit den Klassen (--labels), oder nenne die beiden ähnlich: my_images.npy und my_labels.npy.</translation>
    </message>
    <message>
        <source>Choose the file with the labels too (--labels).</source>
        <translation>Wähle auch die Datei mit den Klassen (--labels).</translation>
    </message>
    <message>
        <source>Choose the images file.</source>
        <translation>Wähle die Datei mit den Bildern.</translation>
    </message>
    <message>
        <source>Choose the other way unless you know better.</source>
        <translation>Wähle das andere, wenn du es nicht besser weißt.</translation>
    </message>
    <message>
        <source>Choose the recogniser again.</source>
        <translation>Wähle den Erkenner noch einmal.</translation>
    </message>
    <message>
        <source>Choose validation data of the same alphabet.</source>
        <translation>Wähle Validierungsdaten mit demselben Alphabet.</translation>
    </message>
    <message>
        <source>Choose validation data that have them.</source>
        <translation>Wähle Validierungsdaten, die sie haben.</translation>
    </message>
    <message>
        <source>Classic models compute on the processor.</source>
        <translation>Klassische Modelle rechnen auf dem Prozessor.</translation>
    </message>
    <message>
        <source>Close what uses it, then delete it again.</source>
        <translation>Schließe, was es benutzt, und lösche es dann noch einmal.</translation>
    </message>
    <message>
        <source>Close what uses it, then remove it again.</source>
        <translation>Schließe, was es benutzt, und entferne es dann noch einmal.</translation>
    </message>
    <message>
        <source>Columns that are neither label nor pixels are left out: {names}.</source>
        <translation>Spalten, die weder Klasse noch Bildpunkte sind, bleiben weg: {names}.</translation>
    </message>
    <message>
        <source>Compare on a dataset: python -m trainer compare RUN RUN --data DATA.</source>
        <translation>Vergleiche auf einem Datensatz: python -m trainer compare RUN RUN --data DATA.</translation>
    </message>
    <message>
        <source>Compressed file ended before the end-of-stream marker was reached</source>
        <translation>Die gepackte Datei endet, bevor sie zu Ende ist</translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>Verbindung abgelehnt</translation>
    </message>
    <message>
        <source>Connection reset by peer</source>
        <translation>Verbindung von der Gegenseite beendet</translation>
    </message>
    <message>
        <source>Connection timed out</source>
        <translation>Keine Antwort in der erlaubten Zeit</translation>
    </message>
    <message>
        <source>Convolutional network</source>
        <translation>Faltungsnetz</translation>
    </message>
    <message>
        <source>Convolutional network of one to four layers</source>
        <translation>Faltungsnetz mit einer bis vier Schichten</translation>
    </message>
    <message>
        <source>Convolutional network, 15 and 50 epochs</source>
        <translation>Faltungsnetz, 15 und 50 Epochen</translation>
    </message>
    <message>
        <source>Convolutional network, 3 epochs</source>
        <translation>Faltungsnetz, 3 Epochen</translation>
    </message>
    <message>
        <source>Convolutional network, grid search</source>
        <translation>Faltungsnetz, Gittersuche</translation>
    </message>
    <message>
        <source>Correct the address after --mirror, or in the environment.</source>
        <translation>Berichtige die Adresse nach --mirror oder in der Umgebung.</translation>
    </message>
    <message>
        <source>Dense network of ten neurons</source>
        <translation>Dichtes Netz aus zehn Neuronen</translation>
    </message>
    <message>
        <source>Dense network with L2</source>
        <translation>Dichtes Netz mit L2</translation>
    </message>
    <message>
        <source>Dense network: activation functions</source>
        <translation>Dichtes Netz: Aktivierungsfunktionen</translation>
    </message>
    <message>
        <source>Device or resource busy</source>
        <translation>Gerät oder Datei in Benutzung</translation>
    </message>
    <message>
        <source>Directory not empty</source>
        <translation>Ordner nicht leer</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>Speicherplatz-Kontingent erschöpft</translation>
    </message>
    <message>
        <source>Draw a character and confirm it.</source>
        <translation>Zeichne ein Zeichen und bestätige es.</translation>
    </message>
    <message>
        <source>Draw first.</source>
        <translation>Zeichne zuerst.</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>Wird gezeichnet</translation>
    </message>
    <message>
        <source>EMNIST Balanced: 112,800 images to train on and 18,800 to test, 47 classes</source>
        <translation>EMNIST Balanced: 112.800 Bilder zum Trainieren und 18.800 zum Testen, 47 Klassen</translation>
    </message>
    <message>
        <source>EMNIST&apos;s pen is 2.9 px wide.</source>
        <translation>EMNISTs Stift ist 2,9 px breit.</translation>
    </message>
    <message>
        <source>EMNIST, 47 classes</source>
        <translation>EMNIST, 47 Klassen</translation>
    </message>
    <message>
        <source>EOF: reading array data, expected {n_expected} bytes got {n_received}</source>
        <translation>die Daten enden zu früh: {n_expected} Bytes erwartet, {n_received} erhalten</translation>
    </message>
    <message>
        <source>Each is brought to light ink by its border.</source>
        <translation>Jedes wird nach seinem Rand auf helle Tinte gebracht.</translation>
    </message>
    <message>
        <source>Each line is like {&quot;label&quot;: &quot;g&quot;, &quot;strokes&quot;: [[[x, y], [x, y]]]}.</source>
        <translation>Jede Zeile sieht so aus: {&quot;label&quot;: &quot;g&quot;, &quot;strokes&quot;: [[[x, y], [x, y]]]}.</translation>
    </message>
    <message>
        <source>Error {number} while decompressing data: {reason}</source>
        <translation>Fehler {number} beim Entpacken: {reason}</translation>
    </message>
    <message>
        <source>Expected --samples and --seed with {starter} only. Received: {entry}.</source>
        <translation>--samples und --seed gehören nur zu {starter}. Erhalten: {entry}.</translation>
    </message>
    <message>
        <source>Expected --storage: the study {study} lies in {storage}.</source>
        <translation>--storage wird gebraucht: die Suche {study} liegt in {storage}.</translation>
    </message>
    <message>
        <source>Expected --yes, since nobody can be asked whether to remove {entry}.</source>
        <translation>--yes wird gebraucht, weil niemand gefragt werden kann, ob {entry} entfernt werden soll.</translation>
    </message>
    <message>
        <source>Expected 1 to {most} samples. Received: {n_samples}.</source>
        <translation>Erwartet: 1 bis {most} Beispiele. Erhalten: {n_samples}.</translation>
    </message>
    <message>
        <source>Expected 2 to {most} folds. Received: {folds}.</source>
        <translation>Erwartet: 2 bis {most} Teile. Erhalten: {folds}.</translation>
    </message>
    <message>
        <source>Expected JSON in {where}. Received: {line}.</source>
        <translation>Erwartet: JSON in {where}. Erhalten: {line}.</translation>
    </message>
    <message>
        <source>Expected a JSON object.</source>
        <translation>Erwartet: ein JSON-Objekt.</translation>
    </message>
    <message>
        <source>Expected a bundle as one file. Received: {file}, which is damaged or no zip file ({reason}).</source>
        <translation>Erwartet: ein Erkenner in einer Datei. Erhalten: {file}, beschädigt oder keine zip-Datei ({reason}).</translation>
    </message>
    <message>
        <source>Expected a bundle of format {format} in {folder}. Received: format {received}.</source>
        <translation>Erwartet: ein Erkenner im Format {format} in {folder}. Erhalten: Format {received}.</translation>
    </message>
    <message>
        <source>Expected a bundle with a {card_name}. Received: {file} without.</source>
        <translation>Erwartet: ein Erkenner mit {card_name}. Erhalten: {file}, ohne.</translation>
    </message>
    <message>
        <source>Expected a classic model and one dataset to train side by side. Received: {received}.</source>
        <translation>Erwartet: ein klassisches Modell und ein Datensatz, um nebeneinander zu trainieren. Erhalten: {received}.</translation>
    </message>
    <message>
        <source>Expected a drawing. Received: an empty one.</source>
        <translation>Erwartet: eine Zeichnung. Erhalten: eine leere.</translation>
    </message>
    <message>
        <source>Expected a field to vary. Received: none.</source>
        <translation>Erwartet: ein Feld, das verändert wird. Erhalten: keines.</translation>
    </message>
    <message>
        <source>Expected a file .png or .html after --out. Received: {path}.</source>
        <translation>Erwartet: eine Datei .png oder .html nach --out. Erhalten: {path}.</translation>
    </message>
    <message>
        <source>Expected a file after --html. Received: the folder {html}.</source>
        <translation>Erwartet: eine Datei nach --html. Erhalten: der Ordner {html}.</translation>
    </message>
    <message>
        <source>Expected a file of a known format. Received: {path}.</source>
        <translation>Erwartet: eine Datei in einem bekannten Format. Erhalten: {path}.</translation>
    </message>
    <message>
        <source>Expected a file that ends in {forms}. Received: {file}.</source>
        <translation>Erwartet: eine Datei, die auf {forms} endet. Erhalten: {file}.</translation>
    </message>
    <message>
        <source>Expected a folder after --out. Received: the file {out}.</source>
        <translation>Erwartet: ein Ordner nach --out. Erhalten: die Datei {out}.</translation>
    </message>
    <message>
        <source>Expected a grid of at most {most} points. Received: {n_points}.</source>
        <translation>Erwartet: ein Gitter mit höchstens {most} Punkten. Erhalten: {n_points}.</translation>
    </message>
    <message>
        <source>Expected a gzip file from {origin}. Received: something else.</source>
        <translation>Erwartet: eine gzip-Datei von {origin}. Erhalten: etwas anderes.</translation>
    </message>
    <message>
        <source>Expected a label and a character code in line {number} of {path}. Received: {line}.</source>
        <translation>Erwartet: eine Klasse und ein Zeichencode in Zeile {number} von {path}. Erhalten: {line}.</translation>
    </message>
    <message>
        <source>Expected a label and pixels in each line of {path}. Received: {first}.</source>
        <translation>Erwartet: eine Klasse und Pixel in jeder Zeile von {path}. Erhalten: {first}.</translation>
    </message>
    <message>
        <source>Expected a label in line {line} of {where}. Received: nothing.</source>
        <translation>Erwartet: eine Klasse in Zeile {line} von {where}. Erhalten: nichts.</translation>
    </message>
    <message>
        <source>Expected a label in {where}. Received: {name}.</source>
        <translation>Erwartet: eine Klasse in {where}. Erhalten: {name}.</translation>
    </message>
    <message>
        <source>Expected a line like {&quot;arguments&quot;: [&quot;--config&quot;, &quot;…&quot;]}. Received: {line}.</source>
        <translation>Erwartet: eine Zeile wie {&quot;arguments&quot;: [&quot;--config&quot;, &quot;…&quot;]}. Erhalten: {line}.</translation>
    </message>
    <message>
        <source>Expected a line like {&quot;image&quot;: …}. Received: {reason}.</source>
        <translation>Erwartet: eine Zeile wie {&quot;image&quot;: …}. Erhalten: {reason}.</translation>
    </message>
    <message>
        <source>Expected a list of labels in {where}. Received: {dtype} of shape {shape}.</source>
        <translation>Erwartet: eine Liste von Klassen in {where}. Erhalten: {dtype} der Form {shape}.</translation>
    </message>
    <message>
        <source>Expected a list of values for {variable}. Received: {values}.</source>
        <translation>Erwartet: eine Liste von Werten für {variable}. Erhalten: {values}.</translation>
    </message>
    <message>
        <source>Expected a name of up to 60 small letters, digits and hyphens. Received: {name}.</source>
        <translation>Erwartet: ein Name aus bis zu 60 Kleinbuchstaben, Ziffern und Bindestrichen. Erhalten: {name}.</translation>
    </message>
    <message>
        <source>Expected a network with {n_classes} outputs in {bundle}. Received: {shape}.</source>
        <translation>Erwartet: ein Netz mit {n_classes} Ausgängen in {bundle}. Erhalten: {shape}.</translation>
    </message>
    <message>
        <source>Expected a network. Received: {name}.</source>
        <translation>Erwartet: ein Netz. Erhalten: {name}.</translation>
    </message>
    <message>
        <source>Expected a new or empty folder. Received: {destination}, which is not empty.</source>
        <translation>Erwartet: ein neuer oder leerer Ordner. Erhalten: {destination}, nicht leer.</translation>
    </message>
    <message>
        <source>Expected a number for {variable}. Received: {text}.</source>
        <translation>Erwartet: eine Zahl für {variable}. Erhalten: {text}.</translation>
    </message>
    <message>
        <source>Expected a number in line {line}, cell {cell} of {path}. Received: {text}.</source>
        <translation>Erwartet: eine Zahl in Zeile {line}, Zelle {cell} von {path}. Erhalten: {text}.</translation>
    </message>
    <message>
        <source>Expected a pen archive in {path}. Received: a file without {missing}.</source>
        <translation>Erwartet: ein Stiftarchiv in {path}. Erhalten: eine Datei ohne {missing}.</translation>
    </message>
    <message>
        <source>Expected a perplexity of 1 to 500. Received: {perplexity}.</source>
        <translation>Erwartet: eine Perplexität von 1 bis 500. Erhalten: {perplexity}.</translation>
    </message>
    <message>
        <source>Expected a picture as rows of numbers from 0 to 255.</source>
        <translation>Erwartet: ein Bild als Zeilen von Zahlen von 0 bis 255.</translation>
    </message>
    <message>
        <source>Expected a picture up to {largest} pixels wide and high.</source>
        <translation>Erwartet: ein Bild von höchstens {largest} Pixeln Breite und Höhe.</translation>
    </message>
    <message>
        <source>Expected a range of {variable} from less to more, above 0 for a logarithmic one. Received: {text}.</source>
        <translation>Erwartet: ein Bereich von {variable} vom Kleineren zum Größeren, über 0, wenn er logarithmisch ist. Erhalten: {text}.</translation>
    </message>
    <message>
        <source>Expected a range of {variable} from less to more. Received: {text}.</source>
        <translation>Erwartet: ein Bereich von {variable} vom Kleineren zum Größeren. Erhalten: {text}.</translation>
    </message>
    <message>
        <source>Expected a sample of 0 to {last}. Received: {index}.</source>
        <translation>Erwartet: ein Beispiel von 0 bis {last}. Erhalten: {index}.</translation>
    </message>
    <message>
        <source>Expected a sample or more to choose the best epoch by. Received: none of {n}, for the validation share is {validation_share}.</source>
        <translation>Erwartet: mindestens ein Beispiel, um die beste Epoche zu wählen. Erhalten: keines von {n}, denn der Validierungsanteil ist {validation_share}.</translation>
    </message>
    <message>
        <source>Expected a seed from 0 to {highest}. Received: {seed}.</source>
        <translation>Erwartet: ein Startwert von 0 bis {highest}. Erhalten: {seed}.</translation>
    </message>
    <message>
        <source>Expected a seed of 0 or more. Received: {seed}.</source>
        <translation>Erwartet: ein Startwert ab 0. Erhalten: {seed}.</translation>
    </message>
    <message>
        <source>Expected a shape in {place}. Received: {reason}.</source>
        <translation>Erwartet: eine Form in {place}. Erhalten: {reason}.</translation>
    </message>
    <message>
        <source>Expected a share from 0 to 1. Received: {share}.</source>
        <translation>Erwartet: ein Anteil von 0 bis 1. Erhalten: {share}.</translation>
    </message>
    <message>
        <source>Expected a size from {low} to {high} pixels. Received: {side}.</source>
        <translation>Erwartet: eine Größe von {low} bis {high} Pixeln. Erhalten: {side}.</translation>
    </message>
    <message>
        <source>Expected a source of {projects}. Received: {name}.</source>
        <translation>Erwartet: eine Quelle aus {projects}. Erhalten: {name}.</translation>
    </message>
    <message>
        <source>Expected a square number of pixels for each image, such as 784, in {where}. Received: {n_values}.</source>
        <translation>Erwartet: eine Quadratzahl von Pixeln je Bild, etwa 784, in {where}. Erhalten: {n_values}.</translation>
    </message>
    <message>
        <source>Expected a starter set of {fewest} to {most} samples. Received: {n}.</source>
        <translation>Erwartet: ein Startsatz mit {fewest} bis {most} Beispielen. Erhalten: {n}.</translation>
    </message>
    <message>
        <source>Expected a step of 1 to the patch, and a patch up to {largest} pixels. Received: patch {patch}, step {step}.</source>
        <translation>Erwartet: ein Schritt von 1 bis zur Größe des Flecks und ein Fleck bis {largest} Pixel. Erhalten: Fleck {patch}, Schritt {step}.</translation>
    </message>
    <message>
        <source>Expected a step of {names}. Received: {name}.</source>
        <translation>Erwartet: ein Schritt aus {names}. Erhalten: {name}.</translation>
    </message>
    <message>
        <source>Expected a whole step for {variable}. Received: {scale}.</source>
        <translation>Erwartet: eine ganzzahlige Schrittweite für {variable}. Erhalten: {scale}.</translation>
    </message>
    <message>
        <source>Expected a zip archive from {url}. Received: something else, or a damaged one.</source>
        <translation>Erwartet: ein zip-Archiv von {url}. Erhalten: etwas anderes oder ein beschädigtes.</translation>
    </message>
    <message>
        <source>Expected an address such as https://host/folder/. Received: {url}.</source>
        <translation>Erwartet: eine Adresse wie https://host/folder/. Erhalten: {url}.</translation>
    </message>
    <message>
        <source>Expected an empty folder for the run. Received: {root}.</source>
        <translation>Erwartet: ein leerer Ordner für den Lauf. Erhalten: {root}.</translation>
    </message>
    <message>
        <source>Expected an image of {height}×{width} pixels from 0 to 255.</source>
        <translation>Erwartet: ein Bild von {height}×{width} Pixeln von 0 bis 255.</translation>
    </message>
    <message>
        <source>Expected an image of {height}×{width} pixels. Received: {shape}.</source>
        <translation>Erwartet: ein Bild von {height}×{width} Pixeln. Erhalten: {shape}.</translation>
    </message>
    <message>
        <source>Expected an ink of at most {most} characters. Received: {n_characters}.</source>
        <translation>Erwartet: eine Zeichnung mit höchstens {most} Zeichen Text. Erhalten: {n_characters}.</translation>
    </message>
    <message>
        <source>Expected an object with a list &quot;strokes&quot;.</source>
        <translation>Erwartet: ein Objekt mit einer Liste &quot;strokes&quot;.</translation>
    </message>
    <message>
        <source>Expected answers about the same samples. Received: {n_first} and {n_second} answers.</source>
        <translation>Erwartet: Antworten zu denselben Beispielen. Erhalten: {n_first} und {n_second} Antworten.</translation>
    </message>
    <message>
        <source>Expected arrays called images and labels in {path}. Received: {names}.</source>
        <translation>Erwartet: Arrays namens images und labels in {path}. Erhalten: {names}.</translation>
    </message>
    <message>
        <source>Expected at least one trial. Received: {trials}.</source>
        <translation>Erwartet: mindestens ein Versuch. Erhalten: {trials}.</translation>
    </message>
    <message>
        <source>Expected at least {fewest} samples for a map. Received: {n_samples}.</source>
        <translation>Erwartet: mindestens {fewest} Beispiele für eine Karte. Erhalten: {n_samples}.</translation>
    </message>
    <message>
        <source>Expected at least {folds} {what} for {folds} folds. Received: {available}.</source>
        <translation>Erwartet: mindestens {folds} {what} für {folds} Teile. Erhalten: {available}.</translation>
    </message>
    <message>
        <source>Expected at most {most} different labels. Received: {n_labels}.</source>
        <translation>Erwartet: höchstens {most} verschiedene Klassen. Erhalten: {n_labels}.</translation>
    </message>
    <message>
        <source>Expected at most {most} points in one ink. Received: {n_points}.</source>
        <translation>Erwartet: höchstens {most} Punkte in einer Zeichnung. Erhalten: {n_points}.</translation>
    </message>
    <message>
        <source>Expected at most {most} samples on a contact sheet. Received: {n_samples}.</source>
        <translation>Erwartet: höchstens {most} Beispiele auf einem Kontaktbogen. Erhalten: {n_samples}.</translation>
    </message>
    <message>
        <source>Expected bytes as pixels in {images}. Received: {dtype}.</source>
        <translation>Erwartet: Bytes als Pixel in {images}. Erhalten: {dtype}.</translation>
    </message>
    <message>
        <source>Expected bytes in base64. Received: {reason}.</source>
        <translation>Erwartet: Bytes in base64. Erhalten: {reason}.</translation>
    </message>
    <message>
        <source>Expected corruptions of {corruptions}. Received: {unknown}.</source>
        <translation>Erwartet: Störungen aus {corruptions}. Erhalten: {unknown}.</translation>
    </message>
    <message>
        <source>Expected data in {path}. Received: a web page.</source>
        <translation>Erwartet: Daten in {path}. Erhalten: eine Webseite.</translation>
    </message>
    <message>
        <source>Expected different printable names of the classes. Received: {names}.</source>
        <translation>Erwartet: verschiedene druckbare Namen der Klassen. Erhalten: {names}.</translation>
    </message>
    <message>
        <source>Expected different runs. Received: one twice.</source>
        <translation>Erwartet: verschiedene Läufe. Erhalten: einer zweimal.</translation>
    </message>
    <message>
        <source>Expected different values of {variable}. Received: {texts}.</source>
        <translation>Erwartet: verschiedene Werte für {variable}. Erhalten: {texts}.</translation>
    </message>
    <message>
        <source>Expected each field once. Received: {twice} twice.</source>
        <translation>Erwartet: jedes Feld einmal. Erhalten: {twice} zweimal.</translation>
    </message>
    <message>
        <source>Expected fields by name, with values. Received: {record}.</source>
        <translation>Erwartet: Felder mit Namen und Werten. Erhalten: {record}.</translation>
    </message>
    <message>
        <source>Expected fields by name. Received: {records}.</source>
        <translation>Erwartet: Felder mit Namen. Erhalten: {records}.</translation>
    </message>
    <message>
        <source>Expected finite coordinates within ±{largest}. Received: NaN or a larger number in stroke {number}.</source>
        <translation>Erwartet: endliche Koordinaten innerhalb von ±{largest}. Erhalten: NaN oder eine größere Zahl in Strich {number}.</translation>
    </message>
    <message>
        <source>Expected finite pixels in {where}. Received: NaN or infinity.</source>
        <translation>Erwartet: endliche Pixel in {where}. Erhalten: NaN oder unendlich.</translation>
    </message>
    <message>
        <source>Expected images in {images}. Received: labels.</source>
        <translation>Erwartet: Bilder in {images}. Erhalten: Klassen.</translation>
    </message>
    <message>
        <source>Expected images of 2 to {largest} pixels a side in {where}. Received: {height}×{width}.</source>
        <translation>Erwartet: Bilder von 2 bis {largest} Pixeln je Seite in {where}. Erhalten: {height}×{width}.</translation>
    </message>
    <message>
        <source>Expected images of shape (n, height, width) in {where}. Received: {shape}.</source>
        <translation>Erwartet: Bilder der Form (n, Höhe, Breite) in {where}. Erhalten: {shape}.</translation>
    </message>
    <message>
        <source>Expected images of type uint8 and shape (n, height, width). Received: {dtype} of shape {shape}.</source>
        <translation>Erwartet: Bilder vom Typ uint8 und der Form (n, Höhe, Breite). Erhalten: {dtype} der Form {shape}.</translation>
    </message>
    <message>
        <source>Expected images of {height}×{width} pixels. Received: {received_height}×{received_width}.</source>
        <translation>Erwartet: Bilder von {height}×{width} Pixeln. Erhalten: {received_height}×{received_width}.</translation>
    </message>
    <message>
        <source>Expected inputs such as {image_size}×{image_size}×1 in {name}. Received: {inner}.</source>
        <translation>Erwartet: Eingänge wie {image_size}×{image_size}×1 in {name}. Erhalten: {inner}.</translation>
    </message>
    <message>
        <source>Expected labels from 0 to {last}. Received: {low} to {high}.</source>
        <translation>Erwartet: Klassen von 0 bis {last}. Erhalten: {low} bis {high}.</translation>
    </message>
    <message>
        <source>Expected labels from 0. Received: {low}.</source>
        <translation>Erwartet: Klassen ab 0. Erhalten: {low}.</translation>
    </message>
    <message>
        <source>Expected labels in {labels}. Received: images.</source>
        <translation>Erwartet: Klassen in {labels}. Erhalten: Bilder.</translation>
    </message>
    <message>
        <source>Expected labels {low} to {high}. Received: {label}.</source>
        <translation>Erwartet: Klassen {low} bis {high}. Erhalten: {label}.</translation>
    </message>
    <message>
        <source>Expected layers of: {shown}. Received: {unknown}.</source>
        <translation>Erwartet: Schichten aus {shown}. Erhalten: {unknown}.</translation>
    </message>
    <message>
        <source>Expected lines of numbers in {path}. Received: none.</source>
        <translation>Erwartet: Zeilen mit Zahlen in {path}. Erhalten: keine.</translation>
    </message>
    <message>
        <source>Expected no share of added data. Received: {extra_share}.</source>
        <translation>Erwartet: kein Anteil hinzugefügter Daten. Erhalten: {extra_share}.</translation>
    </message>
    <message>
        <source>Expected no validation data: each part is validated in turn. Received: {validation}.</source>
        <translation>Erwartet: keine Validierungsdaten, denn jeder Teil wird reihum validiert. Erhalten: {validation}.</translation>
    </message>
    <message>
        <source>Expected numbers as pixels in {where}. Received: {dtype}.</source>
        <translation>Erwartet: Zahlen als Pixel in {where}. Erhalten: {dtype}.</translation>
    </message>
    <message>
        <source>Expected numbers in {what}. Received: {reason}.</source>
        <translation>Erwartet: Zahlen in {what}. Erhalten: {reason}.</translation>
    </message>
    <message>
        <source>Expected one array in {path}. Received: several.</source>
        <translation>Erwartet: ein Array in {path}. Erhalten: mehrere.</translation>
    </message>
    <message>
        <source>Expected one cell with the pixels of an image in {path}. Received: {n_cells}.</source>
        <translation>Erwartet: eine Zelle mit den Bildpunkten eines Bildes in {path}. Erhalten: {n_cells}.</translation>
    </message>
    <message>
        <source>Expected one finite number in &quot;{name}&quot; for each point.</source>
        <translation>Erwartet: eine endliche Zahl in &quot;{name}&quot; für jeden Punkt.</translation>
    </message>
    <message>
        <source>Expected one label for each image in {where}. Received: {n_labels}.</source>
        <translation>Erwartet: eine Klasse für jedes Bild in {where}. Erhalten: {n_labels}.</translation>
    </message>
    <message>
        <source>Expected one label for each of {n_images} images in {where}. Received: {n_labels}.</source>
        <translation>Erwartet: eine Klasse für jedes von {n_images} Bildern in {where}. Erhalten: {n_labels}.</translation>
    </message>
    <message>
        <source>Expected one label for each of {n_images} images. Received: {n_labels}.</source>
        <translation>Erwartet: eine Klasse für jedes von {n_images} Bildern. Erhalten: {n_labels}.</translation>
    </message>
    <message>
        <source>Expected one label in each line of {path}. Received: {n} cells.</source>
        <translation>Erwartet: eine Klasse in jeder Zeile von {path}. Erhalten: {n} Zellen.</translation>
    </message>
    <message>
        <source>Expected one list in &quot;{name}&quot; for each stroke.</source>
        <translation>Erwartet: eine Liste in &quot;{name}&quot; für jeden Strich.</translation>
    </message>
    <message>
        <source>Expected one of --image, --ink and --data. Received: {given}.</source>
        <translation>Erwartet: eines von --image, --ink und --data. Erhalten: {given}.</translation>
    </message>
    <message>
        <source>Expected one of {alphabet}. Received: {character}.</source>
        <translation>Erwartet: eines von {alphabet}. Erhalten: {character}.</translation>
    </message>
    <message>
        <source>Expected one of {views} or cancel. Received: {received}.</source>
        <translation>Erwartet: eines von {views} oder cancel. Erhalten: {received}.</translation>
    </message>
    <message>
        <source>Expected one or two models. Received: {n_models}.</source>
        <translation>Erwartet: ein oder zwei Modelle. Erhalten: {n_models}.</translation>
    </message>
    <message>
        <source>Expected one printable character. Received: {text}.</source>
        <translation>Erwartet: ein druckbares Zeichen. Erhalten: {text}.</translation>
    </message>
    <message>
        <source>Expected pen widths above 0 px. Received: {pen_widths}.</source>
        <translation>Erwartet: Stiftbreiten über 0 px. Erhalten: {pen_widths}.</translation>
    </message>
    <message>
        <source>Expected pixels from 0 to 1 or from 0 to 255 in {where}. Received: {low} to {high}.</source>
        <translation>Erwartet: Pixel von 0 bis 1 oder von 0 bis 255 in {where}. Erhalten: {low} bis {high}.</translation>
    </message>
    <message>
        <source>Expected pixels up to {most} in {path}, as in its first lines. Received: {highest}.</source>
        <translation>Erwartet: Bildpunkte bis {most} in {path}, wie in den ersten Zeilen. Erhalten: {highest}.</translation>
    </message>
    <message>
        <source>Expected samples in {where}. Received: none.</source>
        <translation>Erwartet: Beispiele in {where}. Erhalten: keine.</translation>
    </message>
    <message>
        <source>Expected samples of at least {fewest} classes in {data}. Received: {n_classes}.</source>
        <translation>Erwartet: Beispiele von mindestens {fewest} Klassen in {data}. Erhalten: {n_classes}.</translation>
    </message>
    <message>
        <source>Expected seeds from 0. Received: {seed}.</source>
        <translation>Erwartet: Startwerte ab 0. Erhalten: {seed}.</translation>
    </message>
    <message>
        <source>Expected single values of {name} for a grid. Received: every number from {low} to {high}.</source>
        <translation>Erwartet: einzelne Werte von {name} für ein Gitter. Erhalten: jede Zahl von {low} bis {high}.</translation>
    </message>
    <message>
        <source>Expected sizes from 2 to {most}, what is left to train on. Received: {size}.</source>
        <translation>Erwartet: Größen von 2 bis {most}, was zum Trainieren bleibt. Erhalten: {size}.</translation>
    </message>
    <message>
        <source>Expected stroke {number} as a list of [x, y] points. Received: an array of shape {shape}.</source>
        <translation>Erwartet: Strich {number} als Liste von Punkten [x, y]. Erhalten: ein Array der Form {shape}.</translation>
    </message>
    <message>
        <source>Expected the folder of a finished run. Received: none.</source>
        <translation>Erwartet: der Ordner eines fertigen Laufs. Erhalten: keiner.</translation>
    </message>
    <message>
        <source>Expected the folder or the name of a run. Received: {name}.</source>
        <translation>Erwartet: der Ordner oder der Name eines Laufs. Erhalten: {name}.</translation>
    </message>
    <message>
        <source>Expected the {n_bytes} bytes of {name} from {url}. Received: {received}.</source>
        <translation>Erwartet: die {n_bytes} Bytes von {name} von {url}. Erhalten: {received}.</translation>
    </message>
    <message>
        <source>Expected training data. Received: none.</source>
        <translation>Erwartet: Trainingsdaten. Erhalten: keine.</translation>
    </message>
    <message>
        <source>Expected two runs or more. Received: one.</source>
        <translation>Erwartet: zwei Läufe oder mehr. Erhalten: einer.</translation>
    </message>
    <message>
        <source>Expected values for {variable}. Received: {text}.</source>
        <translation>Erwartet: Werte für {variable}. Erhalten: {text}.</translation>
    </message>
    <message>
        <source>Expected what to export and where to. Received: less than that.</source>
        <translation>Erwartet: was wohin exportiert werden soll. Erhalten: weniger als das.</translation>
    </message>
    <message>
        <source>Expected whole numbers for {variable}. Received: {text}.</source>
        <translation>Erwartet: ganze Zahlen für {variable}. Erhalten: {text}.</translation>
    </message>
    <message>
        <source>Expected {columns} cells in line {line_number} of {path}. Received: {n_cells}.</source>
        <translation>Erwartet: {columns} Zellen in Zeile {line_number} von {path}. Erhalten: {n_cells}.</translation>
    </message>
    <message>
        <source>Expected {expected} from {url}. Received: a web page.</source>
        <translation>Erwartet: {expected} von {url}. Erhalten: eine Webseite.</translation>
    </message>
    <message>
        <source>Expected {folds} samples of every class. Received: {n_samples} of one.</source>
        <translation>Erwartet: {folds} Beispiele jeder Klasse. Erhalten: {n_samples} von einer.</translation>
    </message>
    <message>
        <source>Expected {methods}. Received: {method}.</source>
        <translation>Erwartet: {methods}. Erhalten: {method}.</translation>
    </message>
    <message>
        <source>Expected {n_bytes} bytes of a picture. Received: {n_received}.</source>
        <translation>Erwartet: {n_bytes} Bytes eines Bildes. Erhalten: {n_received}.</translation>
    </message>
    <message>
        <source>Expected {n_bytes} bytes of an image of {height}×{width} pixels. Received: {n_received}.</source>
        <translation>Erwartet: {n_bytes} Bytes eines Bildes von {height}×{width} Pixeln. Erhalten: {n_received}.</translation>
    </message>
    <message>
        <source>Expected {n_classes} different names for the classes. Received: {n_names}: {names}.</source>
        <translation>Erwartet: {n_classes} verschiedene Namen für die Klassen. Erhalten: {n_names}: {names}.</translation>
    </message>
    <message>
        <source>Expected {n_expected} values in {path}. Received: {n_received}.</source>
        <translation>Erwartet: {n_expected} Werte in {path}. Erhalten: {n_received}.</translation>
    </message>
    <message>
        <source>Expected {n_outputs} outputs, one per character, in {name}. Received: {shape}.</source>
        <translation>Erwartet: {n_outputs} Ausgänge, einer je Zeichen, in {name}. Erhalten: {shape}.</translation>
    </message>
    <message>
        <source>Expected {name} from {low} to {high}. Received: {value}.</source>
        <translation>Erwartet: {name} von {low} bis {high}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected {name} of 0 or more. Received: {value}.</source>
        <translation>Erwartet: {name} ab 0. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected JSON of at most {limit} bytes. Received: {n_received}.</source>
        <translation>Erwartet: JSON von höchstens {limit} Bytes. Erhalten: {n_received}.</translation>
    </message>
    <message>
        <source>Bring them to one of these ranges; measured features are no pictures.</source>
        <translation>Bring sie in einen dieser Bereiche; gemessene Merkmale sind keine Bilder.</translation>
    </message>
    <message>
        <source>Expected a list in {name}. Received: {value}.</source>
        <translation>Erwartet: eine Liste in {name}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected a number in {name}. Received: {value}.</source>
        <translation>Erwartet: eine Zahl in {name}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected a text in {name}. Received: {value}.</source>
        <translation>Erwartet: ein Text in {name}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected a turn by 0, 90, 180 or 270. Received: {turn}.</source>
        <translation>Erwartet: eine Drehung um 0, 90, 180 oder 270. Erhalten: {turn}.</translation>
    </message>
    <message>
        <source>Expected a whole number in {name}. Received: {value}.</source>
        <translation>Erwartet: eine ganze Zahl in {name}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected an object in {name}. Received: {value}.</source>
        <translation>Erwartet: ein Objekt in {name}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected one of {names} in {name}. Received: {value}.</source>
        <translation>Erwartet: eines von {names} in {name}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected true or false in {name}. Received: {value}.</source>
        <translation>Erwartet: true oder false in {name}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected {name} of {choices}. Received: {value}.</source>
        <translation>Erwartet: {name} aus {choices}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected {path} to name the {n_characters} characters of {title}. Received: another mapping.</source>
        <translation>Erwartet: {path} nennt die {n_characters} Zeichen von {title}. Erhalten: eine andere Zuordnung.</translation>
    </message>
    <message>
        <source>Expected {title} {range}. Received: {value}.</source>
        <translation>Erwartet: {title} {range}. Erhalten: {value}.</translation>
    </message>
    <message>
        <source>Expected {variable} as true or false. Received: {text}.</source>
        <translation>Erwartet: {variable} als true oder false. Erhalten: {text}.</translation>
    </message>
    <message>
        <source>Expected {where}. Received: none.</source>
        <translation>Erwartet: {where}. Erhalten: nichts.</translation>
    </message>
    <message>
        <source>Expecting &apos;,&apos; delimiter</source>
        <translation>„,“ erwartet</translation>
    </message>
    <message>
        <source>Expecting property name enclosed in double quotes</source>
        <translation>Name in Anführungszeichen erwartet</translation>
    </message>
    <message>
        <source>Expecting value</source>
        <translation>Wert erwartet</translation>
    </message>
    <message>
        <source>Export it again.</source>
        <translation>Exportiere sie noch einmal.</translation>
    </message>
    <message>
        <source>Export it as LiteRT instead.</source>
        <translation>Exportiere ihn stattdessen als LiteRT.</translation>
    </message>
    <message>
        <source>Export it as a bundle instead.</source>
        <translation>Exportiere es stattdessen als Erkenner.</translation>
    </message>
    <message>
        <source>Export it when the first epoch is done.</source>
        <translation>Exportiere ihn, wenn die erste Epoche fertig ist.</translation>
    </message>
    <message>
        <source>Export it without one.</source>
        <translation>Exportiere sie ohne.</translation>
    </message>
    <message>
        <source>Export its report when the first epoch is done.</source>
        <translation>Exportiere seinen Bericht, wenn die erste Epoche fertig ist.</translation>
    </message>
    <message>
        <source>Extra data</source>
        <translation>Überzählige Daten</translation>
    </message>
    <message>
        <source>Fetch again. {another_address}</source>
        <translation>Lade es noch einmal. {another_address}</translation>
    </message>
    <message>
        <source>Fetch or copy it again.</source>
        <translation>Lade oder kopiere es noch einmal.</translation>
    </message>
    <message>
        <source>Fetch the file again.</source>
        <translation>Lade die Datei noch einmal.</translation>
    </message>
    <message>
        <source>Fetch the file again: it may be a web page saved under this name.</source>
        <translation>Lade die Datei noch einmal: vielleicht ist es eine Webseite, die unter diesem Namen gespeichert wurde.</translation>
    </message>
    <message>
        <source>Fetch the file again: it may be cut short or not be IDX at all.</source>
        <translation>Lade die Datei noch einmal: vielleicht ist sie abgeschnitten oder gar kein IDX.</translation>
    </message>
    <message>
        <source>Few samples: it would take a large difference to show.</source>
        <translation>Wenige Beispiele: nur ein großer Unterschied würde sich zeigen.</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>Datei existiert bereits</translation>
    </message>
    <message>
        <source>File is not a zip file</source>
        <translation>Keine zip-Datei</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>Dateiname zu lang</translation>
    </message>
    <message>
        <source>Files of this name hold transposed images.</source>
        <translation>Dateien dieses Namens enthalten transponierte Bilder.</translation>
    </message>
    <message>
        <source>Files that hold Python objects can run code and are never opened; save plain arrays of numbers instead.</source>
        <translation>Dateien mit Python-Objekten können Code ausführen und werden nie geöffnet; speichere stattdessen einfache Arrays von Zahlen.</translation>
    </message>
    <message>
        <source>Files with pickled objects can run code and are never opened. {formats}</source>
        <translation>Dateien mit pickle-Objekten können Code ausführen und werden nie geöffnet. {formats}</translation>
    </message>
    <message>
        <source>For instance {example}.</source>
        <translation>Zum Beispiel {example}.</translation>
    </message>
    <message>
        <source>Free some space and fetch again: what has arrived is kept.</source>
        <translation>Schaffe Platz und lade noch einmal: was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>Free some space or choose another disk; nothing was left behind.</source>
        <translation>Schaffe Platz oder wähle eine andere Platte; nichts blieb zurück.</translation>
    </message>
    <message>
        <source>Free some space, or choose a smaller model.</source>
        <translation>Schaffe Platz, oder wähle ein kleineres Modell.</translation>
    </message>
    <message>
        <source>Free some space, or choose another place.</source>
        <translation>Schaffe Platz, oder wähle einen anderen Ort.</translation>
    </message>
    <message>
        <source>Free some space, or let this user write there; the drawing is still on the canvas.</source>
        <translation>Schaffe Platz, oder lass diesen Benutzer dort schreiben; die Zeichnung ist noch auf der Fläche.</translation>
    </message>
    <message>
        <source>Free some space, then add --resume to go on from the last checkpoint.</source>
        <translation>Schaffe Platz, und mach dann mit --resume am letzten Sicherungspunkt weiter.</translation>
    </message>
    <message>
        <source>Free some space, then import it again.</source>
        <translation>Schaffe Platz, und importiere ihn dann noch einmal.</translation>
    </message>
    <message>
        <source>Free {missing}, or choose another profile folder.</source>
        <translation>Schaffe {missing} Platz, oder wähle einen anderen Profilordner.</translation>
    </message>
    <message>
        <source>Generated by EMNIST Desktop from its own skeletons of handwritten characters</source>
        <translation>Von EMNIST Desktop aus eigenen Gerippen handgeschriebener Zeichen erzeugt</translation>
    </message>
    <message>
        <source>Get it with: python -m trainer datasets fetch {name}.</source>
        <translation>Hol es mit: python -m trainer datasets fetch {name}.</translation>
    </message>
    <message>
        <source>Give --from and --to, or --import.</source>
        <translation>Gib --from und --to an, oder --import.</translation>
    </message>
    <message>
        <source>Give a path for a journal file, which several machines can share, or the address of a database, such as postgresql://user:password@host/name.</source>
        <translation>Gib den Pfad einer Journaldatei an, die sich mehrere Rechner teilen können, oder die Adresse einer Datenbank, etwa postgresql://user:password@host/name.</translation>
    </message>
    <message>
        <source>Give a text file.</source>
        <translation>Gib eine Textdatei an.</translation>
    </message>
    <message>
        <source>Give each class a name of its own, in the order of the labels.</source>
        <translation>Gib jeder Klasse einen eigenen Namen, in der Reihenfolge der Klassen.</translation>
    </message>
    <message>
        <source>Give the alphabet that it was trained with.</source>
        <translation>Gib das Alphabet an, mit dem es trainiert wurde.</translation>
    </message>
    <message>
        <source>Go on with --study alone, or give the new search another name.</source>
        <translation>Mach mit --study allein weiter, oder gib der neuen Suche einen anderen Namen.</translation>
    </message>
    <message>
        <source>If this file has the labels only, choose the one with the images.</source>
        <translation>Wenn diese Datei nur die Klassen enthält, wähle die mit den Bildern.</translation>
    </message>
    <message>
        <source>Images and labels do not belong together, or one of them is cut short.</source>
        <translation>Bilder und Klassen gehören nicht zusammen, oder eines von beiden ist abgeschnitten.</translation>
    </message>
    <message>
        <source>Images are arrays of numbers from 0 to 1 or 0 to 255.</source>
        <translation>Bilder sind Arrays von Zahlen von 0 bis 1 oder 0 bis 255.</translation>
    </message>
    <message>
        <source>Images come as (n, height, width), (n, height, width, 1) or (n, pixels).</source>
        <translation>Bilder kommen als (n, Höhe, Breite), (n, Höhe, Breite, 1) oder (n, Pixel).</translation>
    </message>
    <message>
        <source>Images, not imported.</source>
        <translation>Bilder, nicht importiert.</translation>
    </message>
    <message>
        <source>Import an images file of one of them.</source>
        <translation>Importiere die Bilddatei von einem davon.</translation>
    </message>
    <message>
        <source>Import it again from where it came.</source>
        <translation>Importiere ihn noch einmal von dort, wo er herkam.</translation>
    </message>
    <message>
        <source>Import it without --split-shares.</source>
        <translation>Importiere die Daten ohne --split-shares.</translation>
    </message>
    <message>
        <source>Import one of them.</source>
        <translation>Importiere eines davon.</translation>
    </message>
    <message>
        <source>Import the file into a dataset, which brings them to bytes.</source>
        <translation>Importiere die Datei in einen Datensatz; das macht Bytes daraus.</translation>
    </message>
    <message>
        <source>Import them one by one.</source>
        <translation>Importiere sie einzeln.</translation>
    </message>
    <message>
        <source>Imported from {path} ({format}).</source>
        <translation>Importiert aus {path} ({format}).</translation>
    </message>
    <message>
        <source>In {where}: {reason}</source>
        <translation>In {where}: {reason}</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <source>Install EMNIST Desktop again.</source>
        <translation>Installiere EMNIST Desktop neu.</translation>
    </message>
    <message>
        <source>Install it with: pip install {wanted}.</source>
        <translation>Installiere es mit: pip install {wanted}.</translation>
    </message>
    <message>
        <source>Install the program again.</source>
        <translation>Installiere das Programm neu.</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>Ist ein Ordner</translation>
    </message>
    <message>
        <source>It has: {known}.</source>
        <translation>Es hat: {known}.</translation>
    </message>
    <message>
        <source>It is damaged.</source>
        <translation>Sie ist beschädigt.</translation>
    </message>
    <message>
        <source>It is ended with fewer trees before memory runs out. Stop it to choose a smaller depth, fewer trees, or fewer samples.</source>
        <translation>Es endet mit weniger Bäumen, bevor der Speicher ausgeht. Halte es an, um eine kleinere Tiefe, weniger Bäume oder weniger Beispiele zu wählen.</translation>
    </message>
    <message>
        <source>It is not loaded.</source>
        <translation>Es wird nicht geladen.</translation>
    </message>
    <message>
        <source>It is not opened.</source>
        <translation>Es wird nicht geöffnet.</translation>
    </message>
    <message>
        <source>It may be cut short; copy or fetch it again.</source>
        <translation>Vielleicht ist es abgeschnitten; kopiere oder lade es noch einmal.</translation>
    </message>
    <message>
        <source>It may be cut short; fetch it again.</source>
        <translation>Vielleicht ist es abgeschnitten; lade es noch einmal.</translation>
    </message>
    <message>
        <source>It may belong to a newer version.</source>
        <translation>Vielleicht gehört es zu einer neueren Version.</translation>
    </message>
    <message>
        <source>It may hold code; it is not opened.</source>
        <translation>Es könnte Code enthalten; es wird nicht geöffnet.</translation>
    </message>
    <message>
        <source>It was made by another version of EMNIST Desktop; use that one, or train anew.</source>
        <translation>Er wurde von einer anderen Version von EMNIST Desktop gemacht; nimm jene, oder trainiere neu.</translation>
    </message>
    <message>
        <source>It would misread drawings. Train it again with this version.</source>
        <translation>Er würde Zeichnungen falsch lesen. Trainiere ihn mit dieser Version neu.</translation>
    </message>
    <message>
        <source>Its file is damaged.</source>
        <translation>Seine Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>Its password is not kept.</source>
        <translation>Ihr Passwort wird nicht aufbewahrt.</translation>
    </message>
    <message>
        <source>Its settings are scikit-learn&apos;s own: 100 trees of any depth.</source>
        <translation>Seine Einstellungen sind die von scikit-learn: 100 Bäume beliebiger Tiefe.</translation>
    </message>
    <message>
        <source>Its validation accuracy is what there is; or train on a dataset with a test split.</source>
        <translation>Mehr als seine Validierungsgenauigkeit gibt es nicht; oder trainiere auf einem Datensatz mit Testteil.</translation>
    </message>
    <message>
        <source>Keep their size for training, or bring them to 28×28 for the recogniser.</source>
        <translation>Behalte ihre Größe zum Trainieren, oder bringe sie für den Erkenner auf 28×28.</translation>
    </message>
    <message>
        <source>Keras computes with {backend}, which chooses for itself.</source>
        <translation>Keras rechnet mit {backend}, das selbst wählt.</translation>
    </message>
    <message>
        <source>Labels are whole numbers or characters, one for each image.</source>
        <translation>Klassen sind ganze Zahlen oder Zeichen, eine je Bild.</translation>
    </message>
    <message>
        <source>LeNet-5, 100 epochs</source>
        <translation>LeNet-5, 100 Epochen</translation>
    </message>
    <message>
        <source>LeNet-5, modern, 100 epochs</source>
        <translation>LeNet-5, modern, 100 Epochen</translation>
    </message>
    <message>
        <source>LeNet-5, modern, at 32×32, 100 epochs</source>
        <translation>LeNet-5, modern, mit 32×32, 100 Epochen</translation>
    </message>
    <message>
        <source>Leave --by-writer out, or use other data.</source>
        <translation>Lass --by-writer weg, oder nimm andere Daten.</translation>
    </message>
    <message>
        <source>Leave --corruptions out for all of them.</source>
        <translation>Lass --corruptions weg, um alle zu nehmen.</translation>
    </message>
    <message>
        <source>Leave --extra-share out: in a cross-validation every sample counts the same.</source>
        <translation>Lass --extra-share weg: in einer Kreuzvalidierung zählt jedes Beispiel gleich viel.</translation>
    </message>
    <message>
        <source>Leave --side-by-side out.</source>
        <translation>Lass --side-by-side weg.</translation>
    </message>
    <message>
        <source>Leave --split out, or name one of these.</source>
        <translation>Lass --split weg, oder nenne einen davon.</translation>
    </message>
    <message>
        <source>Leave --split out.</source>
        <translation>Lass --split weg.</translation>
    </message>
    <message>
        <source>Leave --validation out.</source>
        <translation>Lass --validation weg.</translation>
    </message>
    <message>
        <source>Leave it out, or add other data.</source>
        <translation>Lass es weg, oder füge andere Daten hinzu.</translation>
    </message>
    <message>
        <source>Leave it out, or use more data.</source>
        <translation>Lass es weg, oder nimm mehr Daten.</translation>
    </message>
    <message>
        <source>Leave them out, or make {starter}.</source>
        <translation>Lass sie weg, oder erstelle {starter}.</translation>
    </message>
    <message>
        <source>Lines are like those of emnist-balanced-mapping.txt: 10 65.</source>
        <translation>Die Zeilen sind wie in emnist-balanced-mapping.txt: 10 65.</translation>
    </message>
    <message>
        <source>List the runs with: python -m trainer compare.</source>
        <translation>Zeige die Läufe mit: python -m trainer compare.</translation>
    </message>
    <message>
        <source>List them with: python -m trainer presets.</source>
        <translation>Zeige sie mit: python -m trainer presets.</translation>
    </message>
    <message>
        <source>LiteRT, which runs the recogniser, is not installed.</source>
        <translation>LiteRT, das den Erkenner ausführt, ist nicht installiert.</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Look at the folder&apos;s permissions, or choose another profile folder.</source>
        <translation>Sieh nach den Rechten des Ordners, oder wähle einen anderen Profilordner.</translation>
    </message>
    <message>
        <source>Look at the network connection, then try again: what has arrived is kept.</source>
        <translation>Sieh nach der Internetverbindung, und versuche es dann noch einmal: was angekommen ist, bleibt.</translation>
    </message>
    <message>
        <source>Look at the network&apos;s settings (HTTPS_PROXY).</source>
        <translation>Sieh nach den Netzwerkeinstellungen (HTTPS_PROXY).</translation>
    </message>
    <message>
        <source>Look at the occlusion map, or choose a run of one of the networks.</source>
        <translation>Sieh dir die Verdeckungskarte an, oder wähle einen Lauf eines der Netze.</translation>
    </message>
    <message>
        <source>Look at the occlusion map, or set KERAS_BACKEND to tensorflow.</source>
        <translation>Sieh dir die Verdeckungskarte an, oder setze KERAS_BACKEND auf tensorflow.</translation>
    </message>
    <message>
        <source>Look at the samples: labels and images may not belong together.</source>
        <translation>Sieh dir die Beispiele an: Klassen und Bilder gehören vielleicht nicht zusammen.</translation>
    </message>
    <message>
        <source>Look at this computer&apos;s date; else something in the network stands in between.</source>
        <translation>Sieh nach dem Datum dieses Rechners; sonst steht etwas im Netzwerk dazwischen.</translation>
    </message>
    <message>
        <source>Look for it in {parent}.</source>
        <translation>Suche es in {parent}.</translation>
    </message>
    <message>
        <source>Look for mistakes again.</source>
        <translation>Suche noch einmal nach Fehlern.</translation>
    </message>
    <message>
        <source>MNIST: 70,000 images, put together and divided into three, 10 classes</source>
        <translation>MNIST: 70.000 Bilder, zusammengelegt und in drei geteilt, 10 Klassen</translation>
    </message>
    <message>
        <source>Make it again.</source>
        <translation>Erstelle ihn noch einmal.</translation>
    </message>
    <message>
        <source>Make it smaller first.</source>
        <translation>Mach es zuerst kleiner.</translation>
    </message>
    <message>
        <source>Make it smaller.</source>
        <translation>Mach es kleiner.</translation>
    </message>
    <message>
        <source>Make room on the disk of {folder}.</source>
        <translation>Schaffe Platz auf der Platte von {folder}.</translation>
    </message>
    <message>
        <source>Make room on the disk of {parent} and import again; nothing was left behind.</source>
        <translation>Schaffe Platz auf der Platte von {parent}, und importiere noch einmal; nichts blieb zurück.</translation>
    </message>
    <message>
        <source>Make the archive again, or fetch it again: it may be cut short.</source>
        <translation>Erstelle das Archiv neu, oder lade es noch einmal: vielleicht ist es abgeschnitten.</translation>
    </message>
    <message>
        <source>Make the report again.</source>
        <translation>Erstelle den Bericht noch einmal.</translation>
    </message>
    <message>
        <source>Mat file appears to be truncated</source>
        <translation>Die MAT-Datei ist wohl abgeschnitten</translation>
    </message>
    <message>
        <source>Measure it on data of its own alphabet.</source>
        <translation>Miss es an Daten mit seinem eigenen Alphabet.</translation>
    </message>
    <message>
        <source>Measure it with: python -m trainer evaluate.</source>
        <translation>Miss es mit: python -m trainer evaluate.</translation>
    </message>
    <message>
        <source>Measuring {run}</source>
        <translation>{run} wird gemessen</translation>
    </message>
    <message>
        <source>Mend or remove the line; the file may be cut short.</source>
        <translation>Berichtige oder entferne die Zeile; vielleicht ist die Datei abgeschnitten.</translation>
    </message>
    <message>
        <source>Mend the images, for instance with numpy.nan_to_num.</source>
        <translation>Berichtige die Bilder, zum Beispiel mit numpy.nan_to_num.</translation>
    </message>
    <message>
        <source>Mend the labels, or choose another file.</source>
        <translation>Berichtige die Klassen, oder wähle eine andere Datei.</translation>
    </message>
    <message>
        <source>Mend the labels; images and labels may be swapped.</source>
        <translation>Berichtige die Klassen; vielleicht sind Bilder und Klassen vertauscht.</translation>
    </message>
    <message>
        <source>My samples cannot be read: {reason}.</source>
        <translation>Meine Beispiele können nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>Name a bundle that was trained on data of the same alphabet.</source>
        <translation>Nenne einen Erkenner, der auf Daten mit demselben Alphabet trainiert wurde.</translation>
    </message>
    <message>
        <source>Name a folder, new or old.</source>
        <translation>Nenne einen Ordner, neu oder alt.</translation>
    </message>
    <message>
        <source>Name a picture with --image, --ink or --data.</source>
        <translation>Nenne ein Bild mit --image, --ink oder --data.</translation>
    </message>
    <message>
        <source>Name another one.</source>
        <translation>Nenne einen anderen.</translation>
    </message>
    <message>
        <source>Name it with --data.</source>
        <translation>Nenne es mit --data.</translation>
    </message>
    <message>
        <source>Name it with --run-dir.</source>
        <translation>Nenne es mit --run-dir.</translation>
    </message>
    <message>
        <source>Name or service not known</source>
        <translation>Name oder Dienst nicht bekannt</translation>
    </message>
    <message>
        <source>Name the bundle folder of a finished run.</source>
        <translation>Nenne den Erkenner-Ordner eines fertigen Laufs.</translation>
    </message>
    <message>
        <source>Name them, for example --alphabet digits, --alphabet all or --alphabet ABC.</source>
        <translation>Nenne sie, zum Beispiel --alphabet digits, --alphabet all oder --alphabet ABC.</translation>
    </message>
    <message>
        <source>Network is unreachable</source>
        <translation>Netzwerk nicht erreichbar</translation>
    </message>
    <message>
        <source>No LiteRT form agrees with the network (last: {agreement}).</source>
        <translation>Keine LiteRT-Form stimmt mit dem Netz überein (zuletzt: {agreement}).</translation>
    </message>
    <message>
        <source>No NVIDIA card and driver were found; nvidia-smi shows whether the system has them.</source>
        <translation>Keine NVIDIA-Karte mit Treiber wurde gefunden; nvidia-smi zeigt, ob das System eine hat.</translation>
    </message>
    <message>
        <source>No address is known for {title}.</source>
        <translation>Für {title} ist keine Adresse bekannt.</translation>
    </message>
    <message>
        <source>No data are open.</source>
        <translation>Keine Daten sind geöffnet.</translation>
    </message>
    <message>
        <source>No data left in file</source>
        <translation>keine Daten mehr in der Datei</translation>
    </message>
    <message>
        <source>No edition for download has it; the program as a Python package can have it.</source>
        <translation>Keine Ausgabe zum Herunterladen hat es; das Programm als Python-Paket kann es haben.</translation>
    </message>
    <message>
        <source>No epoch was finished, so what it had learnt by then is kept.</source>
        <translation>Keine Epoche wurde fertig; behalten wird, was es bis dahin gelernt hatte.</translation>
    </message>
    <message>
        <source>No route to host</source>
        <translation>Kein Weg zum Rechner</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>Kein Platz mehr auf der Platte</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <source>None of {n_addresses} addresses gives {title}. {sentences}</source>
        <translation>Keine von {n_addresses} Adressen gibt {title} her. {sentences}</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>Kein Ordner</translation>
    </message>
    <message>
        <source>Not a gzipped file ({start})</source>
        <translation>Keine gzip-Datei ({start})</translation>
    </message>
    <message>
        <source>Nothing is shown on the sheet.</source>
        <translation>Auf dem Bogen ist nichts zu sehen.</translation>
    </message>
    <message>
        <source>ONNX needs a package that is not installed: {package}.</source>
        <translation>ONNX braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>Only open files from people whom you trust; ask for the file again.</source>
        <translation>Öffne nur Dateien von Leuten, denen du vertraust; bitte noch einmal um die Datei.</translation>
    </message>
    <message>
        <source>Open the address in a browser. {another_address}</source>
        <translation>Öffne die Adresse im Browser. {another_address}</translation>
    </message>
    <message>
        <source>Open the address in a browser: it may have moved, or the network may ask to log in. {another_address}</source>
        <translation>Öffne die Adresse im Browser: vielleicht ist sie umgezogen, oder das Netzwerk verlangt eine Anmeldung. {another_address}</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>Vorgang nicht erlaubt</translation>
    </message>
    <message>
        <source>Or say with --form what to write.</source>
        <translation>Oder sag mit --form, was geschrieben werden soll.</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Keine Berechtigung</translation>
    </message>
    <message>
        <source>Pictures belong into a folder for each class, named like it, or beside a CSV that names each with its label.</source>
        <translation>Bilder gehören in einen Ordner je Klasse, der wie sie heißt, oder neben eine CSV, die jedes mit seinem Label nennt.</translation>
    </message>
    <message>
        <source>Pictures may be PNG, JPEG, BMP, WebP, GIF, TIFF or PGM.</source>
        <translation>Bilder können PNG, JPEG, BMP, WebP, GIF, TIFF oder PGM sein.</translation>
    </message>
    <message>
        <source>Pixels are numbers from 0 to 255; only the first line may be a header.</source>
        <translation>Pixel sind Zahlen von 0 bis 255; nur die erste Zeile darf Überschriften enthalten.</translation>
    </message>
    <message>
        <source>Preparing the data</source>
        <translation>Die Daten werden vorbereitet</translation>
    </message>
    <message>
        <source>Put the old data back, or begin anew with another --name.</source>
        <translation>Leg die alten Daten zurück, oder beginne mit einem anderen --name neu.</translation>
    </message>
    <message>
        <source>Put the old data back, or start a new run.</source>
        <translation>Leg die alten Daten zurück, oder beginne einen neuen Lauf.</translation>
    </message>
    <message>
        <source>Put {labels} into its folder.</source>
        <translation>Leg {labels} in denselben Ordner.</translation>
    </message>
    <message>
        <source>Raise the validation share, or use more data.</source>
        <translation>Erhöhe den Validierungsanteil, oder nimm mehr Daten.</translation>
    </message>
    <message>
        <source>Random forest</source>
        <translation>Zufallswald</translation>
    </message>
    <message>
        <source>Random forest of depth 80</source>
        <translation>Zufallswald der Tiefe 80</translation>
    </message>
    <message>
        <source>Random forest on three times the data, shifted by up to 7 px</source>
        <translation>Zufallswald auf dreimal so vielen Daten, um bis zu 7 px verschoben</translation>
    </message>
    <message>
        <source>Random forest, grid search with 3 folds</source>
        <translation>Zufallswald, Gittersuche mit 3 Teilen</translation>
    </message>
    <message>
        <source>Read what is asked and answered in: python -m trainer layers --help.</source>
        <translation>Was gefragt und geantwortet wird, steht in: python -m trainer layers --help.</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>Dateisystem ist nur lesbar</translation>
    </message>
    <message>
        <source>Reading samples</source>
        <translation>Beispiele werden gelesen</translation>
    </message>
    <message>
        <source>Received: {text}.</source>
        <translation>Erhalten: {text}.</translation>
    </message>
    <message>
        <source>Remove or mend it.</source>
        <translation>Entferne oder berichtige es.</translation>
    </message>
    <message>
        <source>Remove the dataset and fetch or import it again.</source>
        <translation>Entferne den Datensatz, und lade oder importiere ihn noch einmal.</translation>
    </message>
    <message>
        <source>Remove the line, or add its label.</source>
        <translation>Entferne die Zeile, oder ergänze ihre Klasse.</translation>
    </message>
    <message>
        <source>Remove the line.</source>
        <translation>Entferne die Zeile.</translation>
    </message>
    <message>
        <source>Rename the classes.</source>
        <translation>Benenne die Klassen um.</translation>
    </message>
    <message>
        <source>Repeat the command: it goes on where it stopped.</source>
        <translation>Wiederhole den Befehl: er macht dort weiter, wo er aufgehört hat.</translation>
    </message>
    <message>
        <source>ResNet-34, 30 epochs</source>
        <translation>ResNet-34, 30 Epochen</translation>
    </message>
    <message>
        <source>Resume it with the options it was started with, or choose another --run-dir.</source>
        <translation>Setze ihn mit den Optionen fort, mit denen er begonnen wurde, oder wähle ein anderes --run-dir.</translation>
    </message>
    <message>
        <source>Rows of several numbers are read as one-hot: a single 1, all others 0.</source>
        <translation>Zeilen aus mehreren Zahlen werden als One-Hot gelesen: eine einzige 1, sonst 0.</translation>
    </message>
    <message>
        <source>Run: python -m trainer datasets remove {entry} --yes</source>
        <translation>Führe aus: python -m trainer datasets remove {entry} --yes</translation>
    </message>
    <message>
        <source>Set the image size to 28 or more.</source>
        <translation>Setze die Bildgröße auf 28 oder mehr.</translation>
    </message>
    <message>
        <source>Show at least one mistake.</source>
        <translation>Zeige mindestens einen Fehler.</translation>
    </message>
    <message>
        <source>Start from one of the preset {preset}, with the same options.</source>
        <translation>Beginne mit einem der Vorlage {preset} mit denselben Optionen.</translation>
    </message>
    <message>
        <source>Start it again, or add --resume to go on from the last checkpoint.</source>
        <translation>Starte es noch einmal, oder mach mit --resume am letzten Sicherungspunkt weiter.</translation>
    </message>
    <message>
        <source>Start the run again in another --run-dir.</source>
        <translation>Starte den Lauf in einem anderen --run-dir noch einmal.</translation>
    </message>
    <message>
        <source>Stopped in epoch {epoch}, after {done} of {batches} batches.</source>
        <translation>Angehalten in Epoche {epoch}, nach {done} von {batches} Batches.</translation>
    </message>
    <message>
        <source>Support vector machine on 100 samples</source>
        <translation>Support-Vektor-Maschine auf 100 Beispielen</translation>
    </message>
    <message>
        <source>Support vector machine, grid search on 7,000 of 10,000 samples</source>
        <translation>Support-Vektor-Maschine, Gittersuche auf 7.000 von 10.000 Beispielen</translation>
    </message>
    <message>
        <source>Take the proposed characters, or name the classes yourself.</source>
        <translation>Nimm die vorgeschlagenen Zeichen, oder benenne die Klassen selbst.</translation>
    </message>
    <message>
        <source>Temporary failure in name resolution</source>
        <translation>Namen können gerade nicht aufgelöst werden</translation>
    </message>
    <message>
        <source>Ten digits, as many as MNIST and of the same writers&apos; scans.</source>
        <translation>Zehn Ziffern, so viele wie MNIST und aus den Scans derselben Schreiber.</translation>
    </message>
    <message>
        <source>Ten digits, four times as many as MNIST.</source>
        <translation>Zehn Ziffern, viermal so viele wie MNIST.</translation>
    </message>
    <message>
        <source>Ten digits, the classic; centred by mass, unlike EMNIST.</source>
        <translation>Zehn Ziffern, der Klassiker; nach Masse zentriert, anders als EMNIST.</translation>
    </message>
    <message>
        <source>TensorFlow uses no graphics processor on Windows itself; in WSL 2 it does: install EMNIST Desktop there.</source>
        <translation>TensorFlow benutzt unter Windows selbst keinen Grafikprozessor; in WSL 2 tut es das: installiere EMNIST Desktop dort.</translation>
    </message>
    <message>
        <source>TensorFlow uses no graphics processor on macOS.</source>
        <translation>TensorFlow benutzt unter macOS keinen Grafikprozessor.</translation>
    </message>
    <message>
        <source>The address may have moved. {another_address}</source>
        <translation>Vielleicht ist die Adresse umgezogen. {another_address}</translation>
    </message>
    <message>
        <source>The alphabet {path} cannot be read: {reason}.</source>
        <translation>Das Alphabet {path} kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>The answers in {folder} are not those of its report.</source>
        <translation>Die Antworten in {folder} gehören nicht zu ihrem Bericht.</translation>
    </message>
    <message>
        <source>The answers in {path} are damaged.</source>
        <translation>Die Antworten in {path} sind beschädigt.</translation>
    </message>
    <message>
        <source>The answers in {path} cannot be read: {reason}.</source>
        <translation>Die Antworten in {path} können nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>The archive at {url} has no {name}.</source>
        <translation>Das Archiv unter {url} hat kein {name}.</translation>
    </message>
    <message>
        <source>The archive there is another one. {another_address}</source>
        <translation>Das Archiv dort ist ein anderes. {another_address}</translation>
    </message>
    <message>
        <source>The arrays of {path} do not fit together: a stroke without a point, a sample without a stroke, or an index outside the file.</source>
        <translation>Die Arrays von {path} passen nicht zusammen: ein Strich ohne Punkt, ein Beispiel ohne Strich oder eine Nummer außerhalb der Datei.</translation>
    </message>
    <message>
        <source>The batch size of {batch_size} is larger than the {n_samples} samples to train on, so that each batch holds samples more than once.</source>
        <translation>Die Batchgröße {batch_size} übersteigt die {n_samples} Beispiele zum Trainieren, sodass jeder Batch Beispiele mehrmals enthält.</translation>
    </message>
    <message>
        <source>The border of the images, where paper is, would count as ink if they are inverted.</source>
        <translation>Der Rand der Bilder, wo Papier ist, zählte als Tinte, wenn sie umgekehrt werden.</translation>
    </message>
    <message>
        <source>The border of the images, where paper is, would count as ink if they are taken as they are.</source>
        <translation>Der Rand der Bilder, wo Papier ist, zählte als Tinte, wenn sie so genommen werden, wie sie sind.</translation>
    </message>
    <message>
        <source>The brightest pixel has {value} of 255.</source>
        <translation>Der hellste Bildpunkt hat {value} von 255.</translation>
    </message>
    <message>
        <source>The bundle in {folder} has other classes than the training data.</source>
        <translation>Der Erkenner in {folder} hat andere Klassen als die Trainingsdaten.</translation>
    </message>
    <message>
        <source>The card {folder}/{card_name} lacks or spoils a field. {reason}</source>
        <translation>In der Karte {folder}/{card_name} fehlt ein Feld oder ist verdorben. {reason}</translation>
    </message>
    <message>
        <source>The images are not upright. {read}</source>
        <translation>Die Bilder stehen nicht aufrecht. {read}</translation>
    </message>
    <message>
        <source>The ink is faint; the pixels may have another range.</source>
        <translation>Die Tinte ist blass; die Bildpunkte haben vielleicht einen anderen Wertebereich.</translation>
    </message>
    <message>
        <source>The labels 1 to 10 look like the digits 1 to 9 and 0.</source>
        <translation>Die Klassen 1 bis 10 sehen nach den Ziffern 1 bis 9 und 0 aus.</translation>
    </message>
    <message>
        <source>The pixels go up to {scale}, not 255.</source>
        <translation>Die Bildpunkte gehen bis {scale}, nicht bis 255.</translation>
    </message>
    <message>
        <source>The recogniser reads hardly any of {n_samples} samples as labelled ({agreement}), however they are turned.</source>
        <translation>Der Erkenner liest kaum eines von {n_samples} Beispielen als seine Klasse ({agreement}), wie man sie auch dreht.</translation>
    </message>
    <message>
        <source>The recogniser reads {turned} of {n_samples} samples as labelled {how}, {as_is} as they lie in the file.</source>
        <translation>Der Erkenner liest {turned} von {n_samples} Beispielen als ihre Klasse {how}, {as_is} so, wie sie in der Datei liegen.</translation>
    </message>
    <message>
        <source>The labels are those in {table}, column {column}.</source>
        <translation>Die Labels stehen in {table}, Spalte {column}.</translation>
    </message>
    <message>
        <source>The labels are those in {table}.</source>
        <translation>Die Labels stehen in {table}.</translation>
    </message>
    <message>
        <source>The paper is light in {n} of {n_samples} samples, dark in the others.</source>
        <translation>Das Papier ist in {n} von {n_samples} Beispielen hell, in den anderen dunkel.</translation>
    </message>
    <message>
        <source>The report in {folder} cannot be read. {reason}</source>
        <translation>Der Bericht in {folder} kann nicht gelesen werden. {reason}</translation>
    </message>
    <message>
        <source>The settings cannot be read. {reason}</source>
        <translation>Die Einstellungen können nicht gelesen werden. {reason}</translation>
    </message>
    <message>
        <source>The space cannot be read. {reason}</source>
        <translation>Der Suchraum kann nicht gelesen werden. {reason}</translation>
    </message>
    <message>
        <source>They are scaled to 255.</source>
        <translation>Sie werden auf 255 gebracht.</translation>
    </message>
    <message>
        <source>They look turned or mirrored.</source>
        <translation>Sie sehen gedreht oder gespiegelt aus.</translation>
    </message>
    <message>
        <source>There are more than {most} files in {path}.</source>
        <translation>In {path} sind mehr als {most} Dateien.</translation>
    </message>
    <message>
        <source>Unpack it, and import what is inside.</source>
        <translation>Entpacke es und importiere, was darin ist.</translation>
    </message>
    <message>
        <source>a header of it is far too long</source>
        <translation>ein Kopf darin ist viel zu lang</translation>
    </message>
    <message>
        <source>no files</source>
        <translation>keine Dateien</translation>
    </message>
    <message>
        <source>{folder} holds several data sets: {first} and {second}.</source>
        <translation>{folder} enthält mehrere Datensätze: {first} und {second}.</translation>
    </message>
    <message>
        <source>{n} rows of {table} have no label or no picture.</source>
        <translation>{n} Zeilen von {table} haben kein Label oder kein Bild.</translation>
    </message>
    <message>
        <source>{path} has become shorter.</source>
        <translation>{path} ist kürzer geworden.</translation>
    </message>
    <message>
        <source>{path} is an archive of a kind that is not read.</source>
        <translation>{path} ist ein Archiv einer Art, die nicht gelesen wird.</translation>
    </message>
    <message>
        <source>{path} is encrypted.</source>
        <translation>{path} ist verschlüsselt.</translation>
    </message>
    <message>
        <source>{path} is left out: {reason}</source>
        <translation>{path} wird ausgelassen: {reason}</translation>
    </message>
    <message>
        <source>{path} is no card of a dataset. {reason}</source>
        <translation>{path} ist keine Karte eines Datensatzes. {reason}</translation>
    </message>
    <message>
        <source>The card {folder}/{card_name} has impossible values.</source>
        <translation>Die Karte {folder}/{card_name} enthält unmögliche Werte.</translation>
    </message>
    <message>
        <source>Arrays that are left out: {names}.</source>
        <translation>Weggelassene Felder: {names}.</translation>
    </message>
    <message>
        <source>Expected is one of EMNIST&apos;s files, such as emnist-balanced.mat, or arrays X and y.</source>
        <translation>Erwartet wird eine Datei von EMNIST, etwa emnist-balanced.mat, oder Felder X und y.</translation>
    </message>
    <message>
        <source>It may hold labels only: choose the file with the images.</source>
        <translation>Vielleicht enthält sie nur Klassen: Wähle die Datei mit den Bildern.</translation>
    </message>
    <message>
        <source>Name the column of the labels label, or write them one-hot: a single 1, all others 0.</source>
        <translation>Nenne die Spalte der Klassen label, oder schreibe sie als One-Hot: eine einzige 1, alles andere 0.</translation>
    </message>
    <message>
        <source>Only square images can be read from rows; give the others as (n, height, width). Rows of measured features are no pictures.</source>
        <translation>Aus Zeilen lassen sich nur quadratische Bilder lesen; gib die anderen als (n, Höhe, Breite). Zeilen gemessener Merkmale sind keine Bilder.</translation>
    </message>
    <message>
        <source>Open it as a model, or choose the data.</source>
        <translation>Öffne sie als Modell, oder wähle die Daten.</translation>
    </message>
    <message>
        <source>Save it as version 7: save(&apos;-v7&apos;, …) in MATLAB and Octave.</source>
        <translation>Speichere sie als Version 7: save(&apos;-v7&apos;, …) in MATLAB und Octave.</translation>
    </message>
    <message>
        <source>Save it dense, with a value for each pixel.</source>
        <translation>Speichere sie dicht, mit einem Wert für jeden Bildpunkt.</translation>
    </message>
    <message>
        <source>Expected the header of an IDX file in {path}. Received: {header}.</source>
        <translation>Erwartet: der Kopf einer IDX-Datei in {path}. Erhalten: {header}.</translation>
    </message>
    <message>
        <source>A hand belongs to a bundle; {model} is the file of a network.</source>
        <translation>Eine Handschrift gehört zu einem Erkenner; {model} ist die Datei eines Netzes.</translation>
    </message>
    <message>
        <source>A hand is a file that python -m trainer hand learn --to FILE has written.</source>
        <translation>Eine Handschrift ist eine Datei, die python -m trainer hand learn --to FILE geschrieben hat.</translation>
    </message>
    <message>
        <source>Expected a split of {splits}. Received: {split}.</source>
        <translation>Erwartet wurde ein Teil aus {splits}. Erhalten: {split}.</translation>
    </message>
    <message>
        <source>Expected labels up to 2^53 in {where}. Received: {label}.</source>
        <translation>Erwartet: Klassen bis 2^53 in {where}. Erhalten: {label}.</translation>
    </message>
    <message>
        <source>Expected three shares that sum to 100. Received: {shares}.</source>
        <translation>Erwartet wurden drei Anteile, die zusammen 100 ergeben. Erhalten: {shares}.</translation>
    </message>
    <message>
        <source>Expected whole numbers up to 2^53 as labels in {where}. Received: others, or NaN.</source>
        <translation>Erwartet: ganze Zahlen bis 2^53 als Klassen in {where}. Erhalten: andere oder NaN.</translation>
    </message>
    <message>
        <source>Folders lie in folders; the class of {example} is {label}.</source>
        <translation>Ordner liegen in Ordnern; die Klasse von {example} ist {label}.</translation>
    </message>
    <message>
        <source>For instance 80,10,10: training, validation and test, in %.</source>
        <translation>Zum Beispiel 80,10,10: Training, Validierung und Test, in %.</translation>
    </message>
    <message>
        <source>It is damaged, or no network for characters.</source>
        <translation>Sie ist beschädigt oder kein Netz für Zeichen.</translation>
    </message>
    <message>
        <source>Mend the labels.</source>
        <translation>Berichtige die Klassen.</translation>
    </message>
    <message>
        <source>None of the pictures can be read. {reason}</source>
        <translation>Keines der Bilder kann gelesen werden. {reason}</translation>
    </message>
    <message>
        <source>None of the {n} samples of {path} can be used.</source>
        <translation>Keines der {n} Beispiele von {path} ist brauchbar.</translation>
    </message>
    <message>
        <source>Save it without layers of other libraries.</source>
        <translation>Speichere es ohne Schichten anderer Bibliotheken.</translation>
    </message>
    <message>
        <source>Learn it again from the samples, or use the recogniser that it was made with.</source>
        <translation>Lerne sie neu aus den Beispielen, oder nimm den Erkenner, mit dem sie entstand.</translation>
    </message>
    <message>
        <source>--alphabet is for the file of a network; a recogniser has its own.</source>
        <translation>--alphabet ist für die Datei eines Netzes; ein Erkenner hat sein eigenes.</translation>
    </message>
    <message>
        <source>--limit is for lines. Received: --data {data}.</source>
        <translation>--limit ist für Zeilen. Erhalten: --data {data}.</translation>
    </message>
    <message>
        <source>--no-augmentation and an augmentation contradict one another.</source>
        <translation>--no-augmentation und eine Augmentierung widersprechen einander.</translation>
    </message>
    <message>
        <source>--{name} is for jobs.</source>
        <translation>--{name} ist für Jobs.</translation>
    </message>
    <message>
        <source>A line is a drawing in JSON.</source>
        <translation>Eine Zeile ist eine Zeichnung in JSON.</translation>
    </message>
    <message>
        <source>A run has its settings: others mean nothing with --run.</source>
        <translation>Ein Lauf hat seine Einstellungen: andere bedeuten mit --run nichts.</translation>
    </message>
    <message>
        <source>Add that, or leave it out.</source>
        <translation>Füge das hinzu, oder lass es weg.</translation>
    </message>
    <message>
        <source>Choose a PDF.</source>
        <translation>Wähle ein PDF.</translation>
    </message>
    <message>
        <source>Choose another page.</source>
        <translation>Wähle eine andere Seite.</translation>
    </message>
    <message>
        <source>Choose another recogniser for lines.</source>
        <translation>Wähle für Zeilen einen anderen Erkenner.</translation>
    </message>
    <message>
        <source>Choose another split.</source>
        <translation>Wähle einen anderen Teil.</translation>
    </message>
    <message>
        <source>Choose another.</source>
        <translation>Wähle einen anderen.</translation>
    </message>
    <message>
        <source>Confirm what was recognised in the Draw tab, or collect samples from the Edit menu.</source>
        <translation>Bestätige unter Zeichnen, was erkannt wurde, oder sammle Beispiele über das Menü Bearbeiten.</translation>
    </message>
    <message>
        <source>Copy it again.</source>
        <translation>Kopiere es noch einmal.</translation>
    </message>
    <message>
        <source>Expected either jobs or one process for all folds. Received: both.</source>
        <translation>Erwartet: entweder Jobs oder ein Prozess für alle Teile. Erhalten: beides.</translation>
    </message>
    <message>
        <source>Give --submit N, too, or leave it out.</source>
        <translation>Gib auch --submit N an, oder lass es weg.</translation>
    </message>
    <message>
        <source>Import one of these files.</source>
        <translation>Importiere eine dieser Dateien.</translation>
    </message>
    <message>
        <source>In {path}: {reason}</source>
        <translation>In {path}: {reason}</translation>
    </message>
    <message>
        <source>Install the program again, or read without a language.</source>
        <translation>Installiere das Programm neu, oder lies ohne Sprache.</translation>
    </message>
    <message>
        <source>It cannot answer: {reason}.</source>
        <translation>Er kann nicht antworten: {reason}.</translation>
    </message>
    <message>
        <source>It is imported by File, Profile, Manage profiles…</source>
        <translation>Es wird unter „Datei“, „Profil“, „Profile verwalten …“ importiert.</translation>
    </message>
    <message>
        <source>Leave --hand out, or name the folder of a bundle.</source>
        <translation>Lass --hand weg, oder nenne den Ordner eines Erkenners.</translation>
    </message>
    <message>
        <source>Leave --limit out.</source>
        <translation>Lass --limit weg.</translation>
    </message>
    <message>
        <source>Leave --side-by-side or --submit out.</source>
        <translation>Lass --side-by-side oder --submit weg.</translation>
    </message>
    <message>
        <source>Leave it out.</source>
        <translation>Lass es weg.</translation>
    </message>
    <message>
        <source>Leave one of them out.</source>
        <translation>Lass eines von beiden weg.</translation>
    </message>
    <message>
        <source>Leave them out, or leave --run out.</source>
        <translation>Lass sie weg, oder lass --run weg.</translation>
    </message>
    <message>
        <source>Lines are read by recognisers of letters and digits. This one has: {characters}.</source>
        <translation>Zeilen lesen Erkenner von Buchstaben und Ziffern. Dieser hat: {characters}.</translation>
    </message>
    <message>
        <source>Look whether sinfo shows a partition that is up.</source>
        <translation>Sieh nach, ob sinfo eine Partition zeigt, die läuft.</translation>
    </message>
    <message>
        <source>MATLAB, EMNIST&apos;s form</source>
        <translation>MATLAB, in EMNISTs Form</translation>
    </message>
    <message>
        <source>Measure lines of text with evaluate --lines.</source>
        <translation>Miss Textzeilen mit evaluate --lines.</translation>
    </message>
    <message>
        <source>Most samples would be set aside after epoch {epoch}.</source>
        <translation>Nach Epoche {epoch} würden die meisten Beispiele beiseitegelegt.</translation>
    </message>
    <message>
        <source>Name samples that it does not know.</source>
        <translation>Nenne Beispiele, die sie nicht kennt.</translation>
    </message>
    <message>
        <source>None is: the network knows too little. Set them aside later.</source>
        <translation>Keines wird es: Das Netz weiß noch zu wenig. Lege sie später beiseite.</translation>
    </message>
    <message>
        <source>Rehearse a larger dataset.</source>
        <translation>Wähle dafür einen größeren Datensatz.</translation>
    </message>
    <message>
        <source>Save it as CSV or .npz where it was made, for instance with pandas or R.</source>
        <translation>Speichere sie als CSV oder .npz, wo sie entstanden ist, zum Beispiel mit pandas oder R.</translation>
    </message>
    <message>
        <source>Save it as CSV.</source>
        <translation>Speichere sie als CSV.</translation>
    </message>
    <message>
        <source>Save it without one, or as PNG or JPEG.</source>
        <translation>Speichere es ohne Passwort oder als PNG oder JPEG.</translation>
    </message>
    <message>
        <source>Save the page as PNG or JPEG.</source>
        <translation>Speichere die Seite als PNG oder JPEG.</translation>
    </message>
    <message>
        <source>The Draw tab reads it, and so does: python -m trainer recognize FILE. A dataset has a folder of pictures for each class, or a table that names each with its label.</source>
        <translation>Der Reiter „Zeichnen“ liest es, ebenso: python -m trainer recognize DATEI. Ein Datensatz hat für jede Klasse einen Ordner mit Bildern, oder eine Tabelle, die jedes Bild mit seiner Klasse nennt.</translation>
    </message>
    <message>
        <source>The Draw tab reads it, and so does: python -m trainer recognize FILE. To import drawings, write them as JSON Lines with labels, or import class folders of pictures.</source>
        <translation>Der Reiter „Zeichnen“ liest es, ebenso: python -m trainer recognize DATEI. Um Zeichnungen zu importieren, schreib sie als JSON Lines mit Klassen, oder importiere Ordner mit Bildern je Klasse.</translation>
    </message>
    <message>
        <source>The checkpoint {checkpoint} cannot be read: {reason}.</source>
        <translation>Der Sicherungspunkt {checkpoint} kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>The connection to {host} broke off.</source>
        <translation>Die Verbindung zu {host} brach ab.</translation>
    </message>
    <message>
        <source>The counts in {path} do not fit its characters.</source>
        <translation>Die Anzahlen in {path} passen nicht zu den Zeichen.</translation>
    </message>
    <message>
        <source>The data have words and no characters, such as {some}.</source>
        <translation>Die Daten haben Wörter und keine Zeichen, etwa {some}.</translation>
    </message>
    <message>
        <source>The data to choose by have no sample of {characters}.</source>
        <translation>Die Daten zum Auswählen haben kein Beispiel von {characters}.</translation>
    </message>
    <message>
        <source>The data to train on have no sample of {characters}.</source>
        <translation>Die Daten zum Trainieren haben kein Beispiel von {characters}.</translation>
    </message>
    <message>
        <source>The dataset cannot be stored: {reason}.</source>
        <translation>Der Datensatz kann nicht gespeichert werden: {reason}.</translation>
    </message>
    <message>
        <source>The dataset does not say who wrote what.</source>
        <translation>Der Datensatz sagt nicht, wer was geschrieben hat.</translation>
    </message>
    <message>
        <source>The dataset has changed since this model was measured on it.</source>
        <translation>Der Datensatz hat sich geändert, seit dieses Modell an ihm gemessen wurde.</translation>
    </message>
    <message>
        <source>The dataset has changed: this sample is not there any more.</source>
        <translation>Der Datensatz hat sich geändert: Dieses Beispiel gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>The dataset has no samples.</source>
        <translation>Der Datensatz hat keine Beispiele.</translation>
    </message>
    <message>
        <source>The dataset {folder} was made by a newer version of this program.</source>
        <translation>Der Datensatz {folder} wurde von einer neueren Version dieses Programms gemacht.</translation>
    </message>
    <message>
        <source>The deepest network, 5-fold cross-validation</source>
        <translation>Das tiefste Netz, fünffache Kreuzvalidierung</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>Die Platte ist voll.</translation>
    </message>
    <message>
        <source>The disk is full: {destination} was not written.</source>
        <translation>Die Platte ist voll: {destination} wurde nicht geschrieben.</translation>
    </message>
    <message>
        <source>The disk with {folder} is full.</source>
        <translation>Die Platte mit {folder} ist voll.</translation>
    </message>
    <message>
        <source>The download gave a page instead of the file; open its address in a browser.</source>
        <translation>Statt der Datei kam eine Seite; öffne die Adresse im Browser.</translation>
    </message>
    <message>
        <source>The drawing in {where} is empty.</source>
        <translation>Die Zeichnung in {where} ist leer.</translation>
    </message>
    <message>
        <source>The drawing in {where} is far too long.</source>
        <translation>Die Zeichnung in {where} ist viel zu lang.</translation>
    </message>
    <message>
        <source>The drawings in {path} do not belong to the images beside them.</source>
        <translation>Die Zeichnungen in {path} gehören nicht zu den Bildern daneben.</translation>
    </message>
    <message>
        <source>The editions for download compute on the processor only.</source>
        <translation>Die Ausgaben zum Herunterladen rechnen nur auf dem Prozessor.</translation>
    </message>
    <message>
        <source>The file at {url} has changed.</source>
        <translation>Die Datei unter {url} hat sich geändert.</translation>
    </message>
    <message>
        <source>The file has only a header.</source>
        <translation>Die Datei hat nur einen Kopf.</translation>
    </message>
    <message>
        <source>The file is damaged or another one. Fetch again. {another_address}</source>
        <translation>Die Datei ist beschädigt oder eine andere. Lade sie noch einmal. {another_address}</translation>
    </message>
    <message>
        <source>The file is named like a transposed one. {read}</source>
        <translation>Die Datei heißt wie eine transponierte. {read}</translation>
    </message>
    <message>
        <source>The first column of {path} numbers the lines.</source>
        <translation>Die erste Spalte von {path} nummeriert die Zeilen.</translation>
    </message>
    <message>
        <source>The first layer of {model} has no weights to show.</source>
        <translation>Die erste Schicht von {model} hat keine Gewichte, die sich zeigen lassen.</translation>
    </message>
    <message>
        <source>The first line of {path} is taken for column names.</source>
        <translation>Die erste Zeile von {path} gilt als Spaltennamen.</translation>
    </message>
    <message>
        <source>The gradient map needs Keras with TensorFlow. Received: {backend}.</source>
        <translation>Die Gradientenkarte braucht Keras mit TensorFlow. Erhalten: {backend}.</translation>
    </message>
    <message>
        <source>The hand has learned all samples of {data}.</source>
        <translation>Die Handschrift hat alle Beispiele von {data} gelernt.</translation>
    </message>
    <message>
        <source>The identity of {host} cannot be verified: {reason}.</source>
        <translation>Die Identität von {host} kann nicht geprüft werden: {reason}.</translation>
    </message>
    <message>
        <source>The images are inverted, so that ink counts as ink and paper as nothing.</source>
        <translation>Die Bilder werden umgekehrt, damit Tinte als Tinte zählt und Papier als nichts.</translation>
    </message>
    <message>
        <source>The images are transposed. {read}</source>
        <translation>Die Bilder sind transponiert. {read}</translation>
    </message>
    <message>
        <source>The images are {height}×{width} pixels, not 28×28.</source>
        <translation>Die Bilder haben {height}×{width} Pixel, nicht 28×28.</translation>
    </message>
    <message>
        <source>The images of train and test differ in size.</source>
        <translation>Die Bilder von Training und Test sind verschieden groß.</translation>
    </message>
    <message>
        <source>The images of {height}×{width} pixels are too small for {name}.</source>
        <translation>Die Bilder von {height}×{width} Pixeln sind zu klein für {name}.</translation>
    </message>
    <message>
        <source>The images of {name} have {height}×{width} pixels, those to choose by {wanted_height}×{wanted_width}.</source>
        <translation>Die Bilder von {name} haben {height}×{width} Pixel, die zum Auswählen {wanted_height}×{wanted_width}.</translation>
    </message>
    <message>
        <source>The ink is dark on light paper.</source>
        <translation>Die Tinte ist dunkel auf hellem Papier.</translation>
    </message>
    <message>
        <source>The labels and the alphabet do not belong together; EMNIST Letters starts at 1.</source>
        <translation>Die Klassen und das Alphabet gehören nicht zusammen; EMNIST Letters beginnt mit 1.</translation>
    </message>
    <message>
        <source>The labels and their mapping do not belong together; EMNIST Letters starts at 1.</source>
        <translation>Die Klassen und ihre Zuordnung gehören nicht zusammen; EMNIST Letters beginnt mit 1.</translation>
    </message>
    <message>
        <source>The labels are taken from the names of the files; {example} is {label}.</source>
        <translation>Die Labels stammen aus den Namen der Dateien; {example} ist {label}.</translation>
    </message>
    <message>
        <source>The labels do not belong to this mapping.</source>
        <translation>Die Klassen gehören nicht zu dieser Zuordnung.</translation>
    </message>
    <message>
        <source>The labels look shifted by one class.</source>
        <translation>Die Klassen sehen um eine verschoben aus.</translation>
    </message>
    <message>
        <source>The labels may be pixels or numbers of samples: choose the right column or file.</source>
        <translation>Vielleicht sind die Klassen Pixel oder Nummern von Beispielen: wähle die richtige Spalte oder Datei.</translation>
    </message>
    <message>
        <source>The labels of {path} are one-hot, in {n_columns} columns.</source>
        <translation>Die Klassen von {path} stehen als One-Hot in {n_columns} Spalten.</translation>
    </message>
    <message>
        <source>The labels of {path} are taken from the last column.</source>
        <translation>Die Klassen von {path} werden aus der letzten Spalte genommen.</translation>
    </message>
    <message>
        <source>The labels such as {example} look like hexadecimal character codes.</source>
        <translation>Labels wie {example} sehen aus wie hexadezimale Zeichencodes.</translation>
    </message>
    <message>
        <source>The labels such as {example} look like those of Chars74K.</source>
        <translation>Labels wie {example} sehen aus wie die von Chars74K.</translation>
    </message>
    <message>
        <source>The labels such as {example} name a character.</source>
        <translation>Labels wie {example} nennen ein Zeichen.</translation>
    </message>
    <message>
        <source>The labels {low} to {high} look like character codes.</source>
        <translation>Die Klassen {low} bis {high} sehen wie Zeichencodes aus.</translation>
    </message>
    <message>
        <source>The labels {low} to {high} look like the classes of EMNIST {title}.</source>
        <translation>Die Klassen {low} bis {high} sehen wie die Klassen von EMNIST {title} aus.</translation>
    </message>
    <message>
        <source>The labels {low} to {high} look like the digits 0 to 9.</source>
        <translation>Die Labels {low} bis {high} sehen aus wie die Ziffern 0 bis 9.</translation>
    </message>
    <message>
        <source>The labels {low} to {high} look like the letters A to Z, which begin at 1.</source>
        <translation>Die Klassen {low} bis {high} sehen wie die Buchstaben A bis Z aus, die mit 1 beginnen.</translation>
    </message>
    <message>
        <source>The labels {low} to {high} look like the letters A to Z.</source>
        <translation>Die Klassen {low} bis {high} sehen wie die Buchstaben A bis Z aus.</translation>
    </message>
    <message>
        <source>The layers of {model} form no graph.</source>
        <translation>Die Schichten von {model} bilden keinen Graphen.</translation>
    </message>
    <message>
        <source>The letters of the language cannot be read from {path}: {reason}.</source>
        <translation>Die Buchstabenfolgen der Sprache lassen sich nicht aus {path} lesen: {reason}.</translation>
    </message>
    <message>
        <source>The lite edition does not have it; the full edition does.</source>
        <translation>Die kleine Ausgabe hat es nicht; die volle hat es.</translation>
    </message>
    <message>
        <source>The logs lie in {runs}.</source>
        <translation>Die Protokolle liegen in {runs}.</translation>
    </message>
    <message>
        <source>The loss is no number any more (epoch {epoch}, batch {batch}).</source>
        <translation>Der Verlust ist keine Zahl mehr (Epoche {epoch}, Batch {batch}).</translation>
    </message>
    <message>
        <source>The map of samples needs scikit-learn, which is not installed.</source>
        <translation>Die Karte der Beispiele braucht scikit-learn, das nicht installiert ist.</translation>
    </message>
    <message>
        <source>The model needs {needed} on the disk; {free} are free.</source>
        <translation>Das Modell braucht {needed} auf der Platte; {free} sind frei.</translation>
    </message>
    <message>
        <source>The model will take {needed} of memory; {free} are free.</source>
        <translation>Das Modell wird {needed} Arbeitsspeicher brauchen; {free} sind frei.</translation>
    </message>
    <message>
        <source>The model {preset} takes no account of: {options}.</source>
        <translation>Das Modell {preset} beachtet nicht: {options}.</translation>
    </message>
    <message>
        <source>The name cannot be kept: {reason}.</source>
        <translation>Der Name kann nicht behalten werden: {reason}.</translation>
    </message>
    <message>
        <source>The name {name} is taken.</source>
        <translation>Der Name {name} ist vergeben.</translation>
    </message>
    <message>
        <source>The network and the card do not belong together.</source>
        <translation>Das Netz und die Karte gehören nicht zusammen.</translation>
    </message>
    <message>
        <source>The network normalises batches, which settles within some {settling} of them; the run has {batches}, so that it may read worse than it has learnt.</source>
        <translation>Das Netz normalisiert Batches, was sich binnen etwa {settling} davon einspielt; der Lauf hat {batches} und liest vielleicht schlechter, als er gelernt hat.</translation>
    </message>
    <message>
        <source>The network of {bundle} cannot be loaded: {reason}.</source>
        <translation>Das Netz von {bundle} kann nicht geladen werden: {reason}.</translation>
    </message>
    <message>
        <source>The network of {name} is damaged: {why}.</source>
        <translation>Das Netz von {name} ist beschädigt: {why}.</translation>
    </message>
    <message>
        <source>The picture on the clipboard is empty.</source>
        <translation>Das Bild in der Zwischenablage ist leer.</translation>
    </message>
    <message>
        <source>The pixels of {path} have three colours; they become grey.</source>
        <translation>Die Bildpunkte von {path} haben drei Farben; sie werden grau.</translation>
    </message>
    <message>
        <source>The preset xgboost needs the package xgboost, which is not installed.</source>
        <translation>Die Vorlage xgboost braucht das Paket xgboost, das nicht installiert ist.</translation>
    </message>
    <message>
        <source>The process that answers for {name} has ended.</source>
        <translation>Der Prozess, der für {name} antwortet, ist zu Ende.</translation>
    </message>
    <message>
        <source>The program that started the training has ended.</source>
        <translation>Das Programm, das das Training gestartet hat, ist zu Ende.</translation>
    </message>
    <message>
        <source>The proxy on the way to {host} cannot be used: {reason}.</source>
        <translation>Der Proxy auf dem Weg zu {host} kann nicht benutzt werden: {reason}.</translation>
    </message>
    <message>
        <source>The question is not clear. {reason}</source>
        <translation>Die Frage ist nicht klar. {reason}</translation>
    </message>
    <message>
        <source>The question is not clear: {reason}.</source>
        <translation>Die Frage ist nicht klar: {reason}.</translation>
    </message>
    <message>
        <source>The reader of lines cannot be read from {path}: {reason}.</source>
        <translation>Der Zeilenleser lässt sich nicht aus {path} laden: {reason}.</translation>
    </message>
    <message>
        <source>The recogniser cannot be opened: {reason}.</source>
        <translation>Der Erkenner kann nicht geöffnet werden: {reason}.</translation>
    </message>
    <message>
        <source>The recogniser does not know these characters of the data: {unknown}.</source>
        <translation>Der Erkenner kennt diese Zeichen der Daten nicht: {unknown}.</translation>
    </message>
    <message>
        <source>The recogniser in {start_from} is another network.</source>
        <translation>Der Erkenner in {start_from} ist ein anderes Netz.</translation>
    </message>
    <message>
        <source>The recogniser&apos;s {path} is damaged: its checksum is not that of its card.</source>
        <translation>{path} des Erkenners ist beschädigt: die Prüfsumme ist nicht die seiner Karte.</translation>
    </message>
    <message>
        <source>The recogniser&apos;s {path} is missing: {reason}.</source>
        <translation>{path} des Erkenners fehlt: {reason}.</translation>
    </message>
    <message>
        <source>The report cannot be written to {path}: {reason}.</source>
        <translation>Der Bericht kann nicht nach {path} geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>The report in {folder} is damaged.</source>
        <translation>Der Bericht in {folder} ist beschädigt.</translation>
    </message>
    <message>
        <source>The report in {folder} was made by another version.</source>
        <translation>Der Bericht in {folder} wurde von einer anderen Version gemacht.</translation>
    </message>
    <message>
        <source>The report needs a package that is not installed: {package}.</source>
        <translation>Der Bericht braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>The rest of the download</source>
        <translation>Der Rest des Ladens</translation>
    </message>
    <message>
        <source>The run chose its best epoch by the test data of {data}.</source>
        <translation>Der Lauf hat seine beste Epoche nach den Testdaten von {data} gewählt.</translation>
    </message>
    <message>
        <source>The run in {root} has begun already.</source>
        <translation>Der Lauf in {root} hat schon begonnen.</translation>
    </message>
    <message>
        <source>The run in {root} was made by a newer version of this program.</source>
        <translation>Der Lauf in {root} wurde von einer neueren Version dieses Programms gemacht.</translation>
    </message>
    <message>
        <source>The run in {root} was started with other settings. {changes}.</source>
        <translation>Der Lauf in {root} wurde mit anderen Einstellungen begonnen. {changes}.</translation>
    </message>
    <message>
        <source>The run in {run} is being trained by another process ({pid}).</source>
        <translation>Der Lauf in {run} wird von einem anderen Prozess trainiert ({pid}).</translation>
    </message>
    <message>
        <source>The run in {run} is being trained by another process.</source>
        <translation>Der Lauf in {run} wird von einem anderen Prozess trainiert.</translation>
    </message>
    <message>
        <source>The run is being trained by another window or command.</source>
        <translation>Der Lauf wird von einem anderen Fenster oder Befehl trainiert.</translation>
    </message>
    <message>
        <source>The run was made by a newer version of this program.</source>
        <translation>Der Lauf wurde von einer neueren Version dieses Programms gemacht.</translation>
    </message>
    <message>
        <source>The run&apos;s folder cannot be made: {reason}.</source>
        <translation>Der Ordner des Laufs kann nicht angelegt werden: {reason}.</translation>
    </message>
    <message>
        <source>The run&apos;s folder cannot be used: {reason}.</source>
        <translation>Der Ordner des Laufs kann nicht benutzt werden: {reason}.</translation>
    </message>
    <message>
        <source>The run&apos;s folder {root} cannot be made: {reason}.</source>
        <translation>Der Ordner {root} des Laufs kann nicht angelegt werden: {reason}.</translation>
    </message>
    <message>
        <source>The settings ask for the processor.</source>
        <translation>Die Einstellungen verlangen den Prozessor.</translation>
    </message>
    <message>
        <source>The settings were made by a newer version of this program.</source>
        <translation>Die Einstellungen wurden von einer neueren Version dieses Programms gemacht.</translation>
    </message>
    <message>
        <source>The source chooses on the data that it reports on; ours chooses on others.</source>
        <translation>Die Quelle wählt an den Daten, über die sie berichtet; unsere an anderen.</translation>
    </message>
    <message>
        <source>The source draws a chart of the folds and gives no figure.</source>
        <translation>Die Quelle zeichnet ein Diagramm der Teile und nennt keine Zahl.</translation>
    </message>
    <message>
        <source>The source finds relu best and gives no figures.</source>
        <translation>Die Quelle findet relu am besten und nennt keine Zahlen.</translation>
    </message>
    <message>
        <source>The source gives 0.88 and 0.896 and not the number of trees: 10 were usual. It fits ten yes-or-no answers at once, which costs accuracy; ours fits one of ten.</source>
        <translation>Die Quelle nennt 0,88 und 0,896, aber nicht die Zahl der Bäume: üblich waren 10. Sie passt zehn Ja-Nein-Antworten zugleich an, was Genauigkeit kostet; unsere eine aus zehn.</translation>
    </message>
    <message>
        <source>The source gives no accuracy, only that it took 40 minutes longer than the rest.</source>
        <translation>Die Quelle nennt keine Genauigkeit, nur dass es 40 Minuten länger dauerte als der Rest.</translation>
    </message>
    <message>
        <source>The source names a dropout of 0.4 as the best, which its own grid lacks.</source>
        <translation>Die Quelle nennt ein Dropout von 0,4 als bestes, das in ihrem eigenen Gitter fehlt.</translation>
    </message>
    <message>
        <source>The source shows that the loss on new data rises while that on old data falls.</source>
        <translation>Die Quelle zeigt, dass der Verlust auf neuen Daten steigt, während der auf alten fällt.</translation>
    </message>
    <message>
        <source>The source tests on 3,000 samples, ours on all that are set aside.</source>
        <translation>Die Quelle testet auf 3.000 Beispielen, unsere auf allen, die zurückgelegt sind.</translation>
    </message>
    <message>
        <source>The split {split} has samples already.</source>
        <translation>Der Teil {split} hat schon Beispiele.</translation>
    </message>
    <message>
        <source>The storage needs a package that is not installed: {package}.</source>
        <translation>Die Ablage braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>The storage {storage} cannot be used: {reason}.</source>
        <translation>Die Ablage {storage} kann nicht benutzt werden: {reason}.</translation>
    </message>
    <message>
        <source>The study is in use by another process that does not let go.</source>
        <translation>Die Suche wird von einem anderen Prozess benutzt, der sie nicht loslässt.</translation>
    </message>
    <message>
        <source>The study is used by another window or command.</source>
        <translation>Die Suche wird von einem anderen Fenster oder Befehl benutzt.</translation>
    </message>
    <message>
        <source>The study {name} was begun with another {different}.</source>
        <translation>Die Suche {name} wurde mit anderem {different} begonnen.</translation>
    </message>
    <message>
        <source>The table cannot be written to {path}: {reason}.</source>
        <translation>Die Tabelle kann nicht nach {path} geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>The test data of {data} have other characters than the recogniser.</source>
        <translation>Die Testdaten von {data} haben andere Zeichen als der Erkenner.</translation>
    </message>
    <message>
        <source>The training data have changed since the first of these trainings.</source>
        <translation>Die Trainingsdaten haben sich seit dem ersten dieser Trainings geändert.</translation>
    </message>
    <message>
        <source>The training data have changed since the run was started.</source>
        <translation>Die Trainingsdaten haben sich geändert, seit der Lauf begonnen wurde.</translation>
    </message>
    <message>
        <source>The training ended without a result.</source>
        <translation>Das Training endete ohne Ergebnis.</translation>
    </message>
    <message>
        <source>The training in {run} has ended early: {status}.</source>
        <translation>Das Training in {run} endete vorzeitig: {status}.</translation>
    </message>
    <message>
        <source>The training process ended unexpectedly; it may have run out of memory.</source>
        <translation>Der Prozess, der trainiert, ist unerwartet zu Ende gegangen; vielleicht war der Arbeitsspeicher voll.</translation>
    </message>
    <message>
        <source>The two have no sample in common.</source>
        <translation>Die beiden haben kein Beispiel gemeinsam.</translation>
    </message>
    <message>
        <source>The two were not asked about the same samples.</source>
        <translation>Die beiden wurden nicht nach denselben Beispielen gefragt.</translation>
    </message>
    <message>
        <source>There are no samples of yours yet.</source>
        <translation>Es gibt noch keine Beispiele von dir.</translation>
    </message>
    <message>
        <source>There are: {known}.</source>
        <translation>Es gibt: {known}.</translation>
    </message>
    <message>
        <source>There is another experiment of the name {folder}.</source>
        <translation>Es gibt ein anderes Experiment namens {folder}.</translation>
    </message>
    <message>
        <source>There is no dataset in {folder}: it has no {card_name}.</source>
        <translation>In {folder} ist kein Datensatz: {card_name} fehlt.</translation>
    </message>
    <message>
        <source>There is no dataset {name}.</source>
        <translation>Es gibt keinen Datensatz {name}.</translation>
    </message>
    <message>
        <source>There is no dataset {name}. Like it: {like}.</source>
        <translation>Es gibt keinen Datensatz {name}. Ähnlich: {like}.</translation>
    </message>
    <message>
        <source>There is no field {name} that a search can vary.</source>
        <translation>Es gibt kein Feld {name}, das eine Suche verändern kann.</translation>
    </message>
    <message>
        <source>There is no graphics processor to train on. {reason}</source>
        <translation>Es gibt keinen Grafikprozessor zum Trainieren. {reason}</translation>
    </message>
    <message>
        <source>There is no network in {folder}.</source>
        <translation>In {folder} ist kein Netz.</translation>
    </message>
    <message>
        <source>There is no preset {name}. Like it: {presets}.</source>
        <translation>Es gibt keine Vorlage {name}. Ähnlich: {presets}.</translation>
    </message>
    <message>
        <source>There is no preset {name}. There are: {presets}.</source>
        <translation>Es gibt keine Vorlage {name}. Es gibt: {presets}.</translation>
    </message>
    <message>
        <source>There is no recogniser in {folder}.</source>
        <translation>In {folder} ist kein Erkenner.</translation>
    </message>
    <message>
        <source>There is no run in {root}.</source>
        <translation>In {root} liegt kein Lauf.</translation>
    </message>
    <message>
        <source>There is no setting {name}.</source>
        <translation>Es gibt keine Einstellung {name}.</translation>
    </message>
    <message>
        <source>There is no setting {name}. Like it: {like}.</source>
        <translation>Es gibt keine Einstellung {name}. Ähnlich: {like}.</translation>
    </message>
    <message>
        <source>There is no study {study} yet.</source>
        <translation>Es gibt noch keine Suche {study}.</translation>
    </message>
    <message>
        <source>There is no {path}.</source>
        <translation>{path} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is not enough memory for this training.</source>
        <translation>Für dieses Training reicht der Arbeitsspeicher nicht.</translation>
    </message>
    <message>
        <source>There is nothing at {url} ({answer}).</source>
        <translation>Unter {url} ist nichts ({answer}).</translation>
    </message>
    <message>
        <source>There is nothing of {title} on this computer.</source>
        <translation>Von {title} ist nichts auf diesem Rechner.</translation>
    </message>
    <message>
        <source>There is nothing to export.</source>
        <translation>Es gibt nichts zu exportieren.</translation>
    </message>
    <message>
        <source>There is nothing to import in {where}. Found: {files}.</source>
        <translation>In {where} gibt es nichts zu importieren. Gefunden: {files}.</translation>
    </message>
    <message>
        <source>These are the published files: their checksums are right.</source>
        <translation>Das sind die veröffentlichten Dateien: Ihre Prüfsummen stimmen.</translation>
    </message>
    <message>
        <source>These settings are for networks.</source>
        <translation>Diese Einstellungen sind für Netze.</translation>
    </message>
    <message>
        <source>They are left as they are.</source>
        <translation>Sie bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>They are turned.</source>
        <translation>Sie werden gedreht.</translation>
    </message>
    <message>
        <source>They are turned; look at the samples.</source>
        <translation>Sie werden gedreht; sieh dir die Beispiele an.</translation>
    </message>
    <message>
        <source>They look transposed.</source>
        <translation>Sie sehen transponiert aus.</translation>
    </message>
    <message>
        <source>They look upright as they are.</source>
        <translation>So, wie sie sind, stehen sie aufrecht.</translation>
    </message>
    <message>
        <source>This TensorFlow is built for the processor only; with an NVIDIA card install &quot;emnist-desktop[gpu]&quot;.</source>
        <translation>Dieses TensorFlow ist nur für den Prozessor gebaut; mit einer NVIDIA-Karte installiere &quot;emnist-desktop[gpu]&quot;.</translation>
    </message>
    <message>
        <source>This file contains pickled (object) data. If you trust the file you can load it unsafely using the `allow_pickle=` keyword argument or `pickle.load()`.</source>
        <translation>sie ist kein Archiv von Arrays oder enthält Python-Objekte, die Code ausführen können</translation>
    </message>
    <message>
        <source>This is a fault of the program; the lines above help to mend it.</source>
        <translation>Das ist ein Fehler des Programms; die Zeilen darüber helfen, ihn zu beheben.</translation>
    </message>
    <message>
        <source>This is no result of a measurement of robustness.</source>
        <translation>Das ist kein Ergebnis einer Messung der Robustheit.</translation>
    </message>
    <message>
        <source>This is not JSON: {reason}.</source>
        <translation>Das ist kein JSON: {reason}.</translation>
    </message>
    <message>
        <source>This went wrong: {reason}.</source>
        <translation>Das ging schief: {reason}.</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>Zu viele offene Dateien</translation>
    </message>
    <message>
        <source>Train again with a part of the dataset to choose by; then test.</source>
        <translation>Trainiere noch einmal mit einem Teil des Datensatzes zum Auswählen; teste dann.</translation>
    </message>
    <message>
        <source>Train for more epochs, or with smaller batches.</source>
        <translation>Trainiere mehr Epochen oder mit kleineren Batches.</translation>
    </message>
    <message>
        <source>Training needs a package that is not installed: {package}.</source>
        <translation>Das Training braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>Try a lower --learning-rate; the last checkpoint is intact.</source>
        <translation>Versuche eine kleinere --learning-rate; der letzte Sicherungspunkt ist unversehrt.</translation>
    </message>
    <message>
        <source>Try a smaller --batch-size, a smaller model, or fewer samples with --limit.</source>
        <translation>Versuche eine kleinere --batch-size, ein kleineres Modell oder mit --limit weniger Beispiele.</translation>
    </message>
    <message>
        <source>Try again in a minute.</source>
        <translation>Versuche es in einer Minute noch einmal.</translation>
    </message>
    <message>
        <source>Try again later: what has arrived is kept, and the rest is fetched then.</source>
        <translation>Versuche es später noch einmal: was angekommen ist, bleibt, und der Rest wird dann geladen.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Versuche es noch einmal.</translation>
    </message>
    <message>
        <source>Try again: what has arrived is kept, and the rest is fetched then.</source>
        <translation>Versuche es noch einmal: was angekommen ist, bleibt, und der Rest wird dann geladen.</translation>
    </message>
    <message>
        <source>Try fewer values, or choose the method random or tpe.</source>
        <translation>Versuche weniger Werte, oder wähle das Verfahren random oder tpe.</translation>
    </message>
    <message>
        <source>Type a single character.</source>
        <translation>Gib ein einzelnes Zeichen ein.</translation>
    </message>
    <message>
        <source>Unexpected {name}: {reason}.</source>
        <translation>Unerwarteter {name}: {reason}.</translation>
    </message>
    <message>
        <source>Unterminated string starting at</source>
        <translation>Text ohne Ende, er beginnt</translation>
    </message>
    <message>
        <source>Update EMNIST Desktop; the dataset is left as it is.</source>
        <translation>Aktualisiere EMNIST Desktop; der Datensatz bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>Update EMNIST Desktop; the run is left as it is.</source>
        <translation>Aktualisiere EMNIST Desktop; der Lauf bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>Update EMNIST Desktop; they are left as they are.</source>
        <translation>Aktualisiere EMNIST Desktop; sie bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Update the program.</source>
        <translation>Aktualisiere das Programm.</translation>
    </message>
    <message>
        <source>Use data of one image size.</source>
        <translation>Nimm Daten mit einer einzigen Bildgröße.</translation>
    </message>
    <message>
        <source>Use fewer folds, or more data.</source>
        <translation>Nimm weniger Teile oder mehr Daten.</translation>
    </message>
    <message>
        <source>Use more data, or a larger validation share.</source>
        <translation>Nimm mehr Daten oder einen größeren Validierungsanteil.</translation>
    </message>
    <message>
        <source>Use more data; a subset may be too small.</source>
        <translation>Nimm mehr Daten; vielleicht ist eine Teilmenge zu klein.</translation>
    </message>
    <message>
        <source>Use more samples with --limit, or fewer folds with --option folds=2.</source>
        <translation>Nimm mit --limit mehr Beispiele, oder mit --option folds=2 weniger Teile.</translation>
    </message>
    <message>
        <source>Vanilla CNN, grid search</source>
        <translation>Einfaches Faltungsnetz, Gittersuche</translation>
    </message>
    <message>
        <source>Vary drawings (--augmentation) is for them.</source>
        <translation>Zeichnungen variieren (--augmentation) ist für sie.</translation>
    </message>
    <message>
        <source>Vary drawings has no effect: the data hold images, no drawings.</source>
        <translation>Zeichnungen variieren bewirkt nichts: die Daten enthalten Bilder, keine Zeichnungen.</translation>
    </message>
    <message>
        <source>Vary images (--image-augmentation) is for them.</source>
        <translation>Bilder variieren (--image-augmentation) ist für sie.</translation>
    </message>
    <message>
        <source>Vary images has no effect: the data hold drawings, no images.</source>
        <translation>Bilder variieren bewirkt nichts: die Daten enthalten Zeichnungen, keine Bilder.</translation>
    </message>
    <message>
        <source>Wait for it, or end it first.</source>
        <translation>Warte darauf, oder beende es zuerst.</translation>
    </message>
    <message>
        <source>Watch it in the window, or wait for its end.</source>
        <translation>Sieh ihm im Fenster zu, oder warte auf sein Ende.</translation>
    </message>
    <message>
        <source>What is packed</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>What you confirmed in the Draw tab.</source>
        <translation>Was du unter Zeichnen bestätigt hast.</translation>
    </message>
    <message>
        <source>Without a grid: some classes have too few samples for one.</source>
        <translation>Ohne Gitter: einige Klassen haben zu wenige Beispiele dafür.</translation>
    </message>
    <message>
        <source>Write a column for each pixel.</source>
        <translation>Schreibe eine Spalte für jeden Bildpunkt.</translation>
    </message>
    <message>
        <source>Writers are known of some samples of {split} only.</source>
        <translation>Nur von einigen Beispielen von {split} sind die Schreiber bekannt.</translation>
    </message>
    <message>
        <source>XGBoost</source>
        <translation>XGBoost</translation>
    </message>
    <message>
        <source>[Errno {number}] {reason}</source>
        <translation>{reason} (Fehler {number})</translation>
    </message>
    <message>
        <source>[Errno {number}] {reason}: {path}</source>
        <translation>{reason} (Fehler {number}): {path}</translation>
    </message>
    <message>
        <source>a file</source>
        <translation>eine Datei</translation>
    </message>
    <message>
        <source>a gzip file</source>
        <translation>eine gzip-Datei</translation>
    </message>
    <message>
        <source>a model</source>
        <translation>ein Modell</translation>
    </message>
    <message>
        <source>a picture in a format that is not read</source>
        <translation>ein Bild in einem Format, das nicht gelesen wird</translation>
    </message>
    <message>
        <source>a point twice running in {stroke}</source>
        <translation>ein Punkt zweimal nacheinander in {stroke}</translation>
    </message>
    <message>
        <source>a single number</source>
        <translation>eine einzelne Zahl</translation>
    </message>
    <message>
        <source>a single picture or page</source>
        <translation>ein einzelnes Bild oder eine Seite</translation>
    </message>
    <message>
        <source>a spreadsheet</source>
        <translation>eine Tabellenkalkulation</translation>
    </message>
    <message>
        <source>a table or database of other programs</source>
        <translation>eine Tabelle oder Datenbank anderer Programme</translation>
    </message>
    <message>
        <source>a text in it is damaged</source>
        <translation>ein Text darin ist beschädigt</translation>
    </message>
    <message>
        <source>a zip archive</source>
        <translation>ein zip-Archiv</translation>
    </message>
    <message>
        <source>as a whole number from {low} to {high}</source>
        <translation>als ganze Zahl von {low} bis {high}</translation>
    </message>
    <message>
        <source>as many, but others: the sha256 differs</source>
        <translation>ebenso viele, aber andere; die sha256-Summe weicht ab</translation>
    </message>
    <message>
        <source>as they lie in the file</source>
        <translation>so, wie sie in der Datei liegen</translation>
    </message>
    <message>
        <source>broken data stream when reading image file</source>
        <translation>die Bilddaten sind gestört</translation>
    </message>
    <message>
        <source>cannot identify image file {path}</source>
        <translation>{path} ist kein bekanntes Bildformat</translation>
    </message>
    <message>
        <source>cannot reshape array of size {size} into shape {shape}</source>
        <translation>ein Array der Größe {size} passt nicht in die Form {shape}</translation>
    </message>
    <message>
        <source>could not convert string to float: {text}</source>
        <translation>keine Zahl: {text}</translation>
    </message>
    <message>
        <source>data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>expected {expected} bytes, found {found}</source>
        <translation>erwartet {expected} Bytes, gefunden {found}</translation>
    </message>
    <message>
        <source>expected {shape} of {dtype}, received another header</source>
        <translation>erwartet: {shape} von {dtype}, erhalten: ein anderer Kopf</translation>
    </message>
    <message>
        <source>from {low} to {high}</source>
        <translation>von {low} bis {high}</translation>
    </message>
    <message>
        <source>hand report lists its characters.</source>
        <translation>hand report zählt ihre Zeichen auf.</translation>
    </message>
    <message>
        <source>image file is truncated ({n_bytes} bytes not processed)</source>
        <translation>die Bilddatei ist abgeschnitten ({n_bytes} Bytes nicht verarbeitet)</translation>
    </message>
    <message>
        <source>importance of each pixel</source>
        <translation>Bedeutung jedes Pixels</translation>
    </message>
    <message>
        <source>incorrect header check</source>
        <translation>falscher Kopf</translation>
    </message>
    <message>
        <source>ink, JSON Lines</source>
        <translation>Zeichnungen, JSON Lines</translation>
    </message>
    <message>
        <source>inks in class folders</source>
        <translation>Zeichnungen in Klassenordnern</translation>
    </message>
    <message>
        <source>invalid continuation byte</source>
        <translation>ungültiges Folgebyte</translation>
    </message>
    <message>
        <source>invalid start byte</source>
        <translation>ungültiges Anfangsbyte</translation>
    </message>
    <message>
        <source>it has no tensor {tensor}</source>
        <translation>es hat keinen Tensor {tensor}</translation>
    </message>
    <message>
        <source>it is no archive of arrays</source>
        <translation>sie ist kein Archiv von Arrays</translation>
    </message>
    <message>
        <source>it would unpack to {megabytes} MB, which is too much for its size</source>
        <translation>ausgepackt wären es {megabytes} MB, zu viel für ihre Größe</translation>
    </message>
    <message>
        <source>its arrays do not fit together</source>
        <translation>ihre Arrays passen nicht zusammen</translation>
    </message>
    <message>
        <source>its samples are not single characters, or one is there twice</source>
        <translation>ihre Beispiele sind keine einzelnen Zeichen, oder eines steht doppelt darin</translation>
    </message>
    <message>
        <source>k-nearest neighbours, k = 20</source>
        <translation>k nächste Nachbarn, k = 20</translation>
    </message>
    <message>
        <source>line {number} of {path}</source>
        <translation>Zeile {number} von {path}</translation>
    </message>
    <message>
        <source>mean accuracy of the folds</source>
        <translation>mittlere Genauigkeit der Teile</translation>
    </message>
    <message>
        <source>more</source>
        <translation>mehr</translation>
    </message>
    <message>
        <source>no member begins here</source>
        <translation>hier beginnt kein Eintrag</translation>
    </message>
    <message>
        <source>no record</source>
        <translation>kein Eintrag</translation>
    </message>
    <message>
        <source>no sample</source>
        <translation>kein Beispiel</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>numpy archive</source>
        <translation>NumPy-Archiv</translation>
    </message>
    <message>
        <source>of {choices}</source>
        <translation>aus {choices}</translation>
    </message>
    <message>
        <source>one twice</source>
        <translation>einer zweimal</translation>
    </message>
    <message>
        <source>pen archive</source>
        <translation>Stiftarchiv</translation>
    </message>
    <message>
        <source>pictures in class folders</source>
        <translation>Bilder in Klassenordnern</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>status {status}</source>
        <translation>Status {status}</translation>
    </message>
    <message>
        <source>stroke {number}</source>
        <translation>Strich {number}</translation>
    </message>
    <message>
        <source>test accuracy</source>
        <translation>Testgenauigkeit</translation>
    </message>
    <message>
        <source>the archive {path}</source>
        <translation>dem Archiv {path}</translation>
    </message>
    <message>
        <source>the folder {path}</source>
        <translation>dem Ordner {path}</translation>
    </message>
    <message>
        <source>the stroke {stroke}</source>
        <translation>der Strich {stroke}</translation>
    </message>
    <message>
        <source>the weight {weight}</source>
        <translation>das Gewicht {weight}</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>turned by 180°</source>
        <translation>um 180° gedreht</translation>
    </message>
    <message>
        <source>turned by 90° to the left</source>
        <translation>um 90° nach links gedreht</translation>
    </message>
    <message>
        <source>turned by 90° to the right</source>
        <translation>um 90° nach rechts gedreht</translation>
    </message>
    <message>
        <source>unexpected end of data</source>
        <translation>unerwartetes Ende der Daten</translation>
    </message>
    <message>
        <source>validation accuracy</source>
        <translation>Validierungsgenauigkeit</translation>
    </message>
    <message>
        <source>values of type {dtype}</source>
        <translation>Werte vom Typ {dtype}</translation>
    </message>
    <message>
        <source>weighted F1 on the test data</source>
        <translation>gewichtetes F1 auf den Testdaten</translation>
    </message>
    <message>
        <source>with left and right swapped</source>
        <translation>mit vertauschtem Links und Rechts</translation>
    </message>
    <message>
        <source>with rows and columns swapped</source>
        <translation>mit vertauschten Zeilen und Spalten</translation>
    </message>
    <message>
        <source>with rows and columns swapped and turned</source>
        <translation>mit vertauschten Zeilen und Spalten und gedreht</translation>
    </message>
    <message>
        <source>with top and bottom swapped</source>
        <translation>mit vertauschtem Oben und Unten</translation>
    </message>
    <message>
        <source>writers</source>
        <translation>Schreiber</translation>
    </message>
    <message>
        <source>x_train, y_train, x_test, y_test or X and y will do too.</source>
        <translation>x_train, y_train, x_test, y_test oder X und y gehen auch.</translation>
    </message>
    <message>
        <source>{advice} The starter set needs no network: python -m trainer datasets fetch starter.</source>
        <translation>{advice} Der Startsatz braucht kein Internet: python -m trainer datasets fetch starter.</translation>
    </message>
    <message>
        <source>{better} reads {more} more of {n_samples} samples rightly than {worse}</source>
        <translation>{better} liest {more} von {n_samples} Beispielen mehr richtig als {worse}</translation>
    </message>
    <message>
        <source>{bundle} came without its Keras model.</source>
        <translation>{bundle} kam ohne das Keras-Modell.</translation>
    </message>
    <message>
        <source>{bundle} has ended.</source>
        <translation>{bundle} ist beendet.</translation>
    </message>
    <message>
        <source>{bundle} is a classic model and has no layers.</source>
        <translation>{bundle} ist ein klassisches Modell und hat keine Schichten.</translation>
    </message>
    <message>
        <source>{bundle} is a classic model, no network.</source>
        <translation>{bundle} ist ein klassisches Modell, kein Netz.</translation>
    </message>
    <message>
        <source>{bundle} is a classic model: its answer has no slope over the pixels.</source>
        <translation>{bundle} ist ein klassisches Modell: seine Antwort hat keine Steigung über den Pixeln.</translation>
    </message>
    <message>
        <source>{bundle} needs a package that is not installed: {package}.</source>
        <translation>{bundle} braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>{bundle} weighs whole pictures against one another, not pixels: it has no weights to show.</source>
        <translation>{bundle} wägt ganze Bilder gegeneinander ab, keine Pixel: es hat keine Gewichte, die sich zeigen lassen.</translation>
    </message>
    <message>
        <source>{character} is no character of EMNIST ByClass</source>
        <translation>{character} ist kein Zeichen von EMNIST ByClass</translation>
    </message>
    <message>
        <source>{data} has no samples set aside for a test.</source>
        <translation>{data} hat keine Beispiele für einen Test zurückgelegt.</translation>
    </message>
    <message>
        <source>{data} has other characters than {training_data}.</source>
        <translation>{data} hat andere Zeichen als {training_data}.</translation>
    </message>
    <message>
        <source>{difference}: that is more than noise ({chance}).</source>
        <translation>{difference}: das ist mehr als Rauschen ({chance}).</translation>
    </message>
    <message>
        <source>{difference}: the difference is within noise ({chance}).</source>
        <translation>{difference}: der Unterschied liegt im Rauschen ({chance}).</translation>
    </message>
    <message>
        <source>{file} holds {name}, which lies outside of it.</source>
        <translation>{file} enthält {name}, was außerhalb davon liegt.</translation>
    </message>
    <message>
        <source>{format}, gzipped</source>
        <translation>{format}, gepackt (gzip)</translation>
    </message>
    <message>
        <source>{hand} has no sample of {characters}.</source>
        <translation>{hand} hat kein Beispiel von {characters}.</translation>
    </message>
    <message>
        <source>{files} differs from the published file of that name: its checksum is another.</source>
        <translation>{files} unterscheidet sich von der veröffentlichten Datei dieses Namens: Die Prüfsumme ist eine andere.</translation>
    </message>
    <message>
        <source>{how}</source>
        <translation>{how}</translation>
    </message>
    <message>
        <source>{model} has no last layer of weights.</source>
        <translation>{model} hat keine letzte Schicht mit Gewichten.</translation>
    </message>
    <message>
        <source>{n} picture is left out: {reason}</source>
        <translation>{n} Bild wird ausgelassen: {reason}</translation>
    </message>
    <message>
        <source>{n} pictures are left out, {example} for instance: {reason}</source>
        <translation>{n} Bilder werden ausgelassen, zum Beispiel {example}: {reason}</translation>
    </message>
    <message>
        <source>{path} has a layer of {size} units; at most {largest} are read.</source>
        <translation>{path} hat eine Schicht von {size} Einheiten; gelesen werden höchstens {largest}.</translation>
    </message>
    <message>
        <source>{path} has no labels beside it and is left out.</source>
        <translation>{path} hat keine Klassen daneben und bleibt weg.</translation>
    </message>
    <message>
        <source>{path} has no structure called dataset, and no arrays of numbers.</source>
        <translation>{path} hat keine Struktur namens dataset und keine Felder von Zahlen.</translation>
    </message>
    <message>
        <source>{path} has several arrays for {split}.</source>
        <translation>{path} hat mehrere Felder für {split}.</translation>
    </message>
    <message>
        <source>{path} has {width}×{height} pixels, others {usual_width}×{usual_height}.</source>
        <translation>{path} hat {width}×{height} Pixel, andere {usual_width}×{usual_height}.</translation>
    </message>
    <message>
        <source>{path} is a Keras model, not data.</source>
        <translation>{path} ist ein Keras-Modell, keine Daten.</translation>
    </message>
    <message>
        <source>{path} is a MATLAB file of version 7.3.</source>
        <translation>{path} ist eine MATLAB-Datei der Version 7.3.</translation>
    </message>
    <message>
        <source>{path} is a hand of format {found}; this program knows up to {known}.</source>
        <translation>{path} ist eine Handschrift im Format {found}; dieses Programm kennt sie bis {known}.</translation>
    </message>
    <message>
        <source>{path} is an HDF5 file; reading it needs h5py, which is not installed.</source>
        <translation>{path} ist eine HDF5-Datei; sie zu lesen braucht h5py, das nicht installiert ist.</translation>
    </message>
    <message>
        <source>{path} is not a hand: it has no {missing}.</source>
        <translation>{path} ist keine Handschrift: {missing} fehlt.</translation>
    </message>
    <message>
        <source>{path} was learned with another recogniser, and not all of its {n} samples have their drawings.</source>
        <translation>{path} wurde mit einem anderen Erkenner gelernt, und nicht alle ihre {n} Beispiele haben ihre Zeichnung.</translation>
    </message>
    <message>
        <source>{path} shows no ink.</source>
        <translation>{path} zeigt keine Schrift.</translation>
    </message>
    <message>
        <source>{where} is a table of {n_values} features, not of pictures.</source>
        <translation>{where} ist eine Tabelle von {n_values} Merkmalen, nicht von Bildern.</translation>
    </message>
    <message>
        <source>{file} holds a name twice.</source>
        <translation>{file} enthält einen Namen zweimal.</translation>
    </message>
    <message>
        <source>{file} holds {name}, which belongs to no bundle.</source>
        <translation>{file} enthält {name}, das zu keinem Erkenner gehört.</translation>
    </message>
    <message>
        <source>{file} is broken: it asks for more than {megabytes} MB of memory.</source>
        <translation>{file} ist kaputt: es verlangt mehr als {megabytes} MB Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>{file} is broken: reading it takes longer than it may.</source>
        <translation>{file} ist kaputt: das Lesen dauert länger, als es darf.</translation>
    </message>
    <message>
        <source>{file} is broken: the program that reads it has crashed ({end}).</source>
        <translation>{file} ist kaputt: das Programm, das es liest, ist abgestürzt ({end}).</translation>
    </message>
    <message>
        <source>{file} is locked with a password.</source>
        <translation>{file} ist mit einem Passwort verschlossen.</translation>
    </message>
    <message>
        <source>{first} and {second} read the same number of samples rightly</source>
        <translation>{first} und {second} lesen gleich viele Beispiele richtig</translation>
    </message>
    <message>
        <source>{folder} cannot be deleted: {reason}.</source>
        <translation>{folder} kann nicht gelöscht werden: {reason}.</translation>
    </message>
    <message>
        <source>{folder} was trained on images of preprocessing {preprocessing}; this program makes {current}.</source>
        <translation>{folder} wurde auf Bildern der Aufbereitung {preprocessing} trainiert; dieses Programm macht {current}.</translation>
    </message>
    <message>
        <source>{host} answers {answer} to {url}.</source>
        <translation>{host} antwortet {answer} auf {url}.</translation>
    </message>
    <message>
        <source>{host} broke off after {arrived} of {total}.</source>
        <translation>{host} brach nach {arrived} von {total} ab.</translation>
    </message>
    <message>
        <source>{host} sends more than the {most} that the file has.</source>
        <translation>{host} sendet mehr als die {most}, die die Datei hat.</translation>
    </message>
    <message>
        <source>The output cannot be written: {reason}.</source>
        <translation>Die Ausgabe kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>Free some space, or write it elsewhere.</source>
        <translation>Schaffe Platz, oder schreibe sie woandershin.</translation>
    </message>
    <message>
        <source>{path} cannot be used: {reason}.</source>
        <translation>{path} kann nicht benutzt werden: {reason}.</translation>
    </message>
    <message>
        <source>Check the path and its permissions.</source>
        <translation>Prüfe den Pfad und seine Rechte.</translation>
    </message>
    <message>
        <source>Training a network needs {needed} of address space. Received: {received}.</source>
        <translation>Das Training eines Netzes braucht {needed} Adressraum. Erhalten: {received}.</translation>
    </message>
    <message>
        <source>Raise the limit (ulimit -v), or choose a classic model.</source>
        <translation>Hebe die Grenze an (ulimit -v), oder wähle ein klassisches Modell.</translation>
    </message>
    <message>
        <source>{host} broke off after {arrived}.</source>
        <translation>{host} brach nach {arrived} ab.</translation>
    </message>
    <message>
        <source>{host} cannot be found: there seems to be no network.</source>
        <translation>{host} ist nicht zu finden: es scheint keine Internetverbindung zu geben.</translation>
    </message>
    <message>
        <source>{host} cannot be reached: {reason}.</source>
        <translation>{host} ist nicht zu erreichen: {reason}.</translation>
    </message>
    <message>
        <source>{host} does not say how long the file is.</source>
        <translation>{host} sagt nicht, wie lang die Datei ist.</translation>
    </message>
    <message>
        <source>{host} has not sent anything for a while (timeout).</source>
        <translation>{host} hat eine Weile nichts gesendet (Zeitüberschreitung).</translation>
    </message>
    <message>
        <source>{host} is busy or out of order ({answer}).</source>
        <translation>{host} ist überlastet oder gestört ({answer}).</translation>
    </message>
    <message>
        <source>{host} refuses to give {url} ({answer}).</source>
        <translation>{host} weigert sich, {url} zu geben ({answer}).</translation>
    </message>
    <message>
        <source>{host} sends a part of a file without saying which.</source>
        <translation>{host} sendet einen Teil einer Datei, ohne zu sagen, welchen.</translation>
    </message>
    <message>
        <source>{host} sends from one address to the next.</source>
        <translation>{host} schickt von einer Adresse zur nächsten.</translation>
    </message>
    <message>
        <source>{host} sends other parts than asked for.</source>
        <translation>{host} sendet andere Teile als verlangt.</translation>
    </message>
    <message>
        <source>{host} sends whole files only.</source>
        <translation>{host} sendet nur ganze Dateien.</translation>
    </message>
    <message>
        <source>{images} has no labels beside it.</source>
        <translation>{images} hat keine Klassendatei neben sich.</translation>
    </message>
    <message>
        <source>{image} shows no character.</source>
        <translation>{image} zeigt kein Zeichen.</translation>
    </message>
    <message>
        <source>{install} EMNIST&apos;s IDX files need nothing.</source>
        <translation>{install} EMNISTs IDX-Dateien brauchen nichts.</translation>
    </message>
    <message>
        <source>{model} cannot compute: {reason}.</source>
        <translation>{model} kann nicht rechnen: {reason}.</translation>
    </message>
    <message>
        <source>{n_failed} of {n_jobs} jobs failed: {reason}.</source>
        <translation>{n_failed} von {n_jobs} Jobs schlugen fehl: {reason}.</translation>
    </message>
    <message>
        <source>{n_samples} are enough to begin with.</source>
        <translation>{n_samples} reichen für den Anfang.</translation>
    </message>
    <message>
        <source>{name} has inputs of no fixed size: {shape}.</source>
        <translation>{name} hat Eingänge ohne feste Größe: {shape}.</translation>
    </message>
    <message>
        <source>{name} has no sample of a character that is trained.</source>
        <translation>{name} hat kein Beispiel eines Zeichens, das trainiert wird.</translation>
    </message>
    <message>
        <source>{name} has no samples.</source>
        <translation>{name} hat keine Beispiele.</translation>
    </message>
    <message>
        <source>{name} has no split {split}. Found: {splits}.</source>
        <translation>{name} hat keinen Teil {split}. Gefunden: {splits}.</translation>
    </message>
    <message>
        <source>{name} holds no network.</source>
        <translation>{name} enthält kein Netz.</translation>
    </message>
    <message>
        <source>{name} in {file} is no plain file.</source>
        <translation>{name} in {file} ist keine gewöhnliche Datei.</translation>
    </message>
    <message>
        <source>{name} in {file} would take {file_size} bytes, far too many.</source>
        <translation>{name} in {file} würde {file_size} Bytes belegen, viel zu viele.</translation>
    </message>
    <message>
        <source>{name} is being worked on by another window or command.</source>
        <translation>{name} wird gerade von einem anderen Fenster oder Befehl bearbeitet.</translation>
    </message>
    <message>
        <source>{name} is far too large to be read.</source>
        <translation>{name} ist viel zu groß zum Lesen.</translation>
    </message>
    <message>
        <source>{name} is larger than it says.</source>
        <translation>{name} ist größer, als es sagt.</translation>
    </message>
    <message>
        <source>{name} is no array</source>
        <translation>{name} ist kein Array</translation>
    </message>
    <message>
        <source>{name} is no picture, or is damaged.</source>
        <translation>{name} ist kein Bild oder ist beschädigt.</translation>
    </message>
    <message>
        <source>{name} is too small: no sample can be held out.</source>
        <translation>{name} ist zu klein: Kein Beispiel lässt sich zurücklegen.</translation>
    </message>
    <message>
        <source>{name}: the run has {ours}, asked for is {theirs}</source>
        <translation>{name}: der Lauf hat {ours}, verlangt ist {theirs}</translation>
    </message>
    <message>
        <source>{n} file is left out: {example}.</source>
        <translation>{n} Datei wird ausgelassen: {example}.</translation>
    </message>
    <message>
        <source>{n} file with inks is left out: {reason}</source>
        <translation>{n} Datei mit Zeichnungen wird ausgelassen: {reason}</translation>
    </message>
    <message>
        <source>{n} files are left out, {example} for instance.</source>
        <translation>{n} Dateien werden ausgelassen, zum Beispiel {example}.</translation>
    </message>
    <message>
        <source>{n} files with inks are left out, {example} for instance: {reason}</source>
        <translation>{n} Dateien mit Zeichnungen werden ausgelassen, zum Beispiel {example}: {reason}</translation>
    </message>
    <message>
        <source>{n} picture has no label and is left out: {example}.</source>
        <translation>{n} Bild hat kein Label und wird ausgelassen: {example}.</translation>
    </message>
    <message>
        <source>{n} picture is in no folder of a split and is left out: {example}.</source>
        <translation>{n} Bild liegt in keinem Ordner eines Splits und wird ausgelassen: {example}.</translation>
    </message>
    <message>
        <source>{n} picture is of a format that is not read: {example}. Save it as PNG or JPEG.</source>
        <translation>{n} Bild hat ein Format, das nicht gelesen wird: {example}. Speichere es als PNG oder JPEG.</translation>
    </message>
    <message>
        <source>{n} pictures are in no folder of a split and are left out, {example} for instance.</source>
        <translation>{n} Bilder liegen in keinem Ordner eines Splits und werden ausgelassen, zum Beispiel {example}.</translation>
    </message>
    <message>
        <source>{n} pictures are of a format that is not read, {example} for instance. Save them as PNG or JPEG.</source>
        <translation>{n} Bilder haben ein Format, das nicht gelesen wird, zum Beispiel {example}. Speichere sie als PNG oder JPEG.</translation>
    </message>
    <message>
        <source>{n} pictures have no label and are left out, {example} for instance.</source>
        <translation>{n} Bilder haben kein Label und werden ausgelassen, zum Beispiel {example}.</translation>
    </message>
    <message>
        <source>{n} table beside the pictures is not used: {example}.</source>
        <translation>{n} Tabelle neben den Bildern wird nicht benutzt: {example}.</translation>
    </message>
    <message>
        <source>{n} tables beside the pictures are not used, {example} for instance.</source>
        <translation>{n} Tabellen neben den Bildern werden nicht benutzt, zum Beispiel {example}.</translation>
    </message>
    <message>
        <source>{options} is for characters, not for lines.</source>
        <translation>{options} gilt für Zeichen, nicht für Zeilen.</translation>
    </message>
    <message>
        <source>{options} means nothing without {other}.</source>
        <translation>{options} bedeutet ohne {other} nichts.</translation>
    </message>
    <message>
        <source>{path} and its card do not belong together.</source>
        <translation>{path} und die Karte dazu gehören nicht zusammen.</translation>
    </message>
    <message>
        <source>{path} cannot be loaded: {reason}.</source>
        <translation>{path} kann nicht geladen werden: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be read. {reason}</source>
        <translation>{path} kann nicht gelesen werden. {reason}</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>{path} kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be unpacked: {reason}.</source>
        <translation>{path} kann nicht entpackt werden: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}.</source>
        <translation>{path} kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>{path} ends within its header.</source>
        <translation>{path} endet in seinem Kopf.</translation>
    </message>
    <message>
        <source>{path} from {origin} is damaged: {reason}.</source>
        <translation>{path} von {origin} ist beschädigt: {reason}.</translation>
    </message>
    <message>
        <source>{path} has characters that are not expected: {unexpected}.</source>
        <translation>{path} enthält unerwartete Zeichen: {unexpected}.</translation>
    </message>
    <message>
        <source>{path} has neither dataset.train nor dataset.test.</source>
        <translation>{path} hat weder dataset.train noch dataset.test.</translation>
    </message>
    <message>
        <source>{path} has no labels: each line has {n_pixels} pixels.</source>
        <translation>{path} hat keine Klassen: Jede Zeile hat {n_pixels} Bildpunkte.</translation>
    </message>
    <message>
        <source>{path} has no pixels: {n} columns in each line.</source>
        <translation>{path} hat keine Bildpunkte: {n} Spalten in jeder Zeile.</translation>
    </message>
    <message>
        <source>{path} has no shape for {missing}.</source>
        <translation>{path} hat keine Form für {missing}.</translation>
    </message>
    <message>
        <source>{path} has no split {split}: a pen archive is one split.</source>
        <translation>{path} hat keinen Teil {split}: ein Stiftarchiv ist ein einziger Teil.</translation>
    </message>
    <message>
        <source>{path} has several tables for {split}.</source>
        <translation>{path} hat mehrere Tabellen für {split}.</translation>
    </message>
    <message>
        <source>{path} has {n_pages} pages. There is no page {number}.</source>
        <translation>{path} hat {n_pages} Seiten. Es gibt keine Seite {number}.</translation>
    </message>
    <message>
        <source>{path} holds Python objects, not plain arrays.</source>
        <translation>{path} enthält Python-Objekte, keine einfachen Arrays.</translation>
    </message>
    <message>
        <source>{path} holds a file called {name}.</source>
        <translation>{path} enthält eine Datei namens {name}.</translation>
    </message>
    <message>
        <source>{path} holds more than a model: {reason}.</source>
        <translation>{path} enthält mehr als ein Modell: {reason}.</translation>
    </message>
    <message>
        <source>{path} holds no drawings.</source>
        <translation>{path} enthält keine Zeichnungen.</translation>
    </message>
    <message>
        <source>{path} is a MATLAB file; reading it needs SciPy, which is not installed.</source>
        <translation>{path} ist eine MATLAB-Datei; um sie zu lesen, wird SciPy gebraucht, das nicht installiert ist.</translation>
    </message>
    <message>
        <source>{path} is a PDF. Reading it needs a package that is not installed: {package}.</source>
        <translation>{path} ist ein PDF. Um es zu lesen, fehlt ein Paket: {package}.</translation>
    </message>
    <message>
        <source>{path} is a sparse ARFF file.</source>
        <translation>{path} ist eine dünn besetzte ARFF-Datei.</translation>
    </message>
    <message>
        <source>{path} is an exported profile.</source>
        <translation>{path} ist ein exportiertes Profil.</translation>
    </message>
    <message>
        <source>{path} is damaged.</source>
        <translation>{path} ist beschädigt.</translation>
    </message>
    <message>
        <source>{path} is empty.</source>
        <translation>{path} ist leer.</translation>
    </message>
    <message>
        <source>{path} is far too large.</source>
        <translation>{path} ist viel zu groß.</translation>
    </message>
    <message>
        <source>{path} is larger than 1 GB.</source>
        <translation>{path} ist größer als 1 GB.</translation>
    </message>
    <message>
        <source>{path} is locked with a password.</source>
        <translation>{path} ist mit einem Passwort gesperrt.</translation>
    </message>
    <message>
        <source>{path} is no card of a dataset: {reason}.</source>
        <translation>{path} ist keine Karte eines Datensatzes: {reason}.</translation>
    </message>
    <message>
        <source>{path} is no document of inks.</source>
        <translation>{path} ist kein Dokument mit Zeichnungen.</translation>
    </message>
    <message>
        <source>{path} is no journal file: {reason}.</source>
        <translation>{path} ist keine Journaldatei: {reason}.</translation>
    </message>
    <message>
        <source>{path} is not a hand, or is damaged.</source>
        <translation>{path} ist keine Handschrift oder ist beschädigt.</translation>
    </message>
    <message>
        <source>{path} is not of EMNIST&apos;s form: {reason}.</source>
        <translation>{path} hat nicht EMNISTs Form: {reason}.</translation>
    </message>
    <message>
        <source>{path} is too large to be read.</source>
        <translation>{path} ist zu groß, um gelesen zu werden.</translation>
    </message>
    <message>
        <source>{path} is {kind}, and is not imported.</source>
        <translation>{path} ist {kind} und wird nicht importiert.</translation>
    </message>
    <message>
        <source>{path} needs Keras, which is not installed.</source>
        <translation>{path} braucht Keras, das nicht installiert ist.</translation>
    </message>
    <message>
        <source>{path} needs {needed} on the disk of {folder}, where {free} are free.</source>
        <translation>{path} braucht {needed} auf dem Datenträger von {folder}, dort sind {free} frei.</translation>
    </message>
    <message>
        <source>{path} of {title} is missing or cut short.</source>
        <translation>{path} von {title} fehlt oder ist abgeschnitten.</translation>
    </message>
    <message>
        <source>{path} promises {n_values} values.</source>
        <translation>{path} verspricht {n_values} Werte.</translation>
    </message>
    <message>
        <source>{path} was made for another version of the program.</source>
        <translation>{path} gehört zu einer anderen Version des Programms.</translation>
    </message>
    <message>
        <source>{path}, line {number}</source>
        <translation>{path}, Zeile {number}</translation>
    </message>
    <message>
        <source>{reason}: line {line} column {column} (char {position})</source>
        <translation>{reason}: Zeile {line}, Spalte {column} (Zeichen {position})</translation>
    </message>
    <message>
        <source>{root} cannot be put back.</source>
        <translation>{root} kann nicht zurückgelegt werden.</translation>
    </message>
    <message>
        <source>{root} cannot be put back: {reason}.</source>
        <translation>{root} kann nicht zurückgelegt werden: {reason}.</translation>
    </message>
    <message>
        <source>{root} has nothing to report: no epoch is done.</source>
        <translation>{root} hat nichts zu berichten: keine Epoche ist fertig.</translation>
    </message>
    <message>
        <source>{root} is being trained.</source>
        <translation>{root} wird gerade trainiert.</translation>
    </message>
    <message>
        <source>{sentence} The recogniser agrees in {proposed} of the samples then, in {now} now.</source>
        <translation>{sentence} Der Erkenner stimmt dann bei {proposed} der Beispiele überein, jetzt bei {now}.</translation>
    </message>
    <message>
        <source>{sentence} The recogniser agrees in {proposed} of the samples then.</source>
        <translation>{sentence} Der Erkenner stimmt dann in {proposed} der Beispiele überein.</translation>
    </message>
    <message>
        <source>{shown} and {more} more</source>
        <translation>{shown} und {more} weiteren</translation>
    </message>
    <message>
        <source>{shown}; and {more} more</source>
        <translation>{shown}; und {more} weitere</translation>
    </message>
    <message>
        <source>{source} has no history: no epoch is done.</source>
        <translation>{source} hat keinen Verlauf: keine Epoche ist fertig.</translation>
    </message>
    <message>
        <source>{title} can be neither fetched nor made.</source>
        <translation>{title} kann weder geladen noch erstellt werden.</translation>
    </message>
    <message>
        <source>{title} cannot be removed: {reason}.</source>
        <translation>{title} kann nicht entfernt werden: {reason}.</translation>
    </message>
    <message>
        <source>{title} has kept no answers to compare.</source>
        <translation>{title} hat keine Antworten zum Vergleichen aufbewahrt.</translation>
    </message>
    <message>
        <source>{title} has splits already: {splits}.</source>
        <translation>{title} ist schon geteilt: {splits}.</translation>
    </message>
    <message>
        <source>{title} is not on this computer yet.</source>
        <translation>{title} ist noch nicht auf diesem Rechner.</translation>
    </message>
    <message>
        <source>{title}: {message}</source>
        <translation>{title}: {message}</translation>
    </message>
    <message>
        <source>{what} needs {needed} of free disk. {folder} has {free}.</source>
        <translation>{what} braucht {needed} freien Plattenplatz. {folder} hat {free}.</translation>
    </message>
    <message>
        <source>Add --resume to go on with it.</source>
        <translation>Setze ihn mit --resume fort.</translation>
    </message>
    <message>
        <source>The trainer was ended from outside, or ran out of memory.</source>
        <translation>Der Trainer wurde von außen beendet, oder der Arbeitsspeicher ging aus.</translation>
    </message>
    <message>
        <source>Expected the folder of a run that waits. Received: none.</source>
        <translation>Erwartet: der Ordner eines Laufs, der wartet. Erhalten: keiner.</translation>
    </message>
    <message>
        <source>This JSON is nested too deeply.</source>
        <translation>Dieses JSON ist zu tief verschachtelt.</translation>
    </message>
    <message>
        <source>Choose a file that was exported as a profile.</source>
        <translation>Wähle eine Datei, die als Profil exportiert wurde.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Wähle einen anderen Namen.</translation>
    </message>
    <message>
        <source>Choose files that pupils exported.</source>
        <translation>Wähle Dateien, die Schüler exportiert haben.</translation>
    </message>
    <message>
        <source>Choose the folder of one class.</source>
        <translation>Wähle den Ordner einer einzigen Klasse.</translation>
    </message>
    <message>
        <source>Delete its samples in the list My samples.</source>
        <translation>Lösche seine Beispiele in der Liste „Meine Beispiele“.</translation>
    </message>
    <message>
        <source>Expected a name of 1 to {most} characters. Received: {name}.</source>
        <translation>Erwartet: ein Name mit 1 bis {most} Zeichen. Erhalten: {name}.</translation>
    </message>
    <message>
        <source>Expected a share from 0 to below 100. Received: {share}.</source>
        <translation>Erwartet: ein Anteil von 0 bis unter 100. Erhalten: {share}.</translation>
    </message>
    <message>
        <source>Expected up to {most} files. Received: {found}.</source>
        <translation>Erwartet: bis zu {most} Dateien. Erhalten: {found}.</translation>
    </message>
    <message>
        <source>Free some space; the samples drawn so far are kept.</source>
        <translation>Schaffe Platz; was bisher gezeichnet ist, bleibt.</translation>
    </message>
    <message>
        <source>Its writers: {names}.</source>
        <translation>Seine Schreiber: {names}.</translation>
    </message>
    <message>
        <source>Leave out the share of the test.</source>
        <translation>Lass den Anteil des Tests weg.</translation>
    </message>
    <message>
        <source>Pupils export their samples with My samples, For a class.</source>
        <translation>Schüler exportieren ihre Beispiele mit „Meine Beispiele“, „Für eine Klasse“.</translation>
    </message>
    <message>
        <source>Samples of {n} pupils.</source>
        <translation>Beispiele von {n} Schülern.</translation>
    </message>
    <message>
        <source>The files hold no samples.</source>
        <translation>Die Dateien enthalten keine Beispiele.</translation>
    </message>
    <message>
        <source>The first profile cannot be deleted: the others lie in it.</source>
        <translation>Das erste Profil lässt sich nicht löschen: Die anderen liegen in ihm.</translation>
    </message>
    <message>
        <source>The writers cannot be split: there are too few.</source>
        <translation>Die Schreiber lassen sich nicht aufteilen: Es sind zu wenige.</translation>
    </message>
    <message>
        <source>There are: {names}.</source>
        <translation>Es gibt: {names}.</translation>
    </message>
    <message>
        <source>There is a profile {name} already.</source>
        <translation>Es gibt schon ein Profil {name}.</translation>
    </message>
    <message>
        <source>There is no file of a pupil.</source>
        <translation>Es gibt keine Datei eines Schülers.</translation>
    </message>
    <message>
        <source>There is no profile {name}.</source>
        <translation>Es gibt kein Profil {name}.</translation>
    </message>
    <message>
        <source>it is not known who wrote what</source>
        <translation>wer was geschrieben hat, ist nicht bekannt</translation>
    </message>
    <message>
        <source>{data} has no writer {name}.</source>
        <translation>{data} hat keinen Schreiber {name}.</translation>
    </message>
    <message>
        <source>{path} holds too many files: {n}.</source>
        <translation>{path} enthält zu viele Dateien: {n}.</translation>
    </message>
    <message>
        <source>{path} is damaged, or is no exported profile.</source>
        <translation>{path} ist beschädigt oder kein exportiertes Profil.</translation>
    </message>
    <message>
        <source>A {size}×{size} {what} does not fit into a map of {height}×{width}.</source>
        <translation>{what} {size}×{size} passt nicht in eine Karte von {height}×{width}.</translation>
    </message>
    <message>
        <source>Choose a smaller size, the edges “same”, or fewer layers that shrink the map.</source>
        <translation>Wähle eine kleinere Größe, die Ränder „same“ oder weniger Schichten, die die Karte verkleinern.</translation>
    </message>
    <message>
        <source>Choose the preset own.</source>
        <translation>Wähle das Modell „Mein Netz“.</translation>
    </message>
    <message>
        <source>Expected at most {most} layers. Received: {n}.</source>
        <translation>Höchstens {most} Schichten sind erlaubt, es sind {n}.</translation>
    </message>
    <message>
        <source>Expected at most {most} parameters. Received: {n}.</source>
        <translation>Höchstens {most} Parameter sind erlaubt, es sind {n}.</translation>
    </message>
    <message>
        <source>Expected at most {most} values for each image. Received: {n}.</source>
        <translation>Höchstens {most} Werte je Bild sind erlaubt, es sind {n}.</translation>
    </message>
    <message>
        <source>It needs a map, and the layer before it gives {n} single values.</source>
        <translation>Sie braucht eine Karte, aber davor kommen {n} einzelne Werte.</translation>
    </message>
    <message>
        <source>It needs single values, and the layer before it gives {n} maps of {height}×{width}.</source>
        <translation>Sie braucht einzelne Werte, aber davor kommen Karten ({n}) von {height}×{width}.</translation>
    </message>
    <message>
        <source>Layer {number} ({layer}): {problem}</source>
        <translation>Schicht {number} ({layer}): {problem}</translation>
    </message>
    <message>
        <source>Put Flatten or Global average pooling before it.</source>
        <translation>Setze Flatten oder globales Mittelwert-Pooling davor.</translation>
    </message>
    <message>
        <source>Put it before the flattening or global pooling.</source>
        <translation>Setze sie vor das Flatten oder das globale Pooling.</translation>
    </message>
    <message>
        <source>The layer {layer}</source>
        <translation>Die Schicht {layer}</translation>
    </message>
    <message>
        <source>The output: {problem}</source>
        <translation>Die Ausgabe: {problem}</translation>
    </message>
    <message>
        <source>The preset {preset}</source>
        <translation>Die Vorlage {preset}</translation>
    </message>
    <message>
        <source>The preset {preset} has layers of its own.</source>
        <translation>Die Vorlage {preset} hat eigene Schichten.</translation>
    </message>
    <message>
        <source>An ensemble needs at least two models.</source>
        <translation>Ein Ensemble braucht mindestens zwei Modelle.</translation>
    </message>
    <message>
        <source>Average models that were trained on data of the same alphabet.</source>
        <translation>Mittle Modelle, die mit Daten desselben Alphabets trainiert wurden.</translation>
    </message>
    <message>
        <source>Expected a file that ends in .png or .svg. Received: {file}.</source>
        <translation>Erwartet wird eine Datei, die auf .png oder .svg endet, nicht {file}.</translation>
    </message>
    <message>
        <source>Expected a range of learning rates from less to more. Received: {low} to {high}.</source>
        <translation>Erwartet werden Lernraten von der kleineren zur größeren, nicht {low} bis {high}.</translation>
    </message>
    <message>
        <source>LiteRT needs a package that is not installed: {package}.</source>
        <translation>LiteRT braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>Name more after --model.</source>
        <translation>Nenne weitere nach --model.</translation>
    </message>
    <message>
        <source>There are: {kinds}.</source>
        <translation>Es gibt: {kinds}.</translation>
    </message>
    <message>
        <source>There is no layer {kind}.</source>
        <translation>Es gibt keine Schicht {kind}.</translation>
    </message>
    <message>
        <source>Training at rising rates</source>
        <translation>Training mit steigenden Raten</translation>
    </message>
    <message>
        <source>Use fewer filters or neurons, or another pooling before the dense layer.</source>
        <translation>Nimm weniger Filter oder Neuronen, oder ein weiteres Pooling vor der dichten Schicht.</translation>
    </message>
    <message>
        <source>Use fewer filters, or a smaller map.</source>
        <translation>Nimm weniger Filter oder eine kleinere Karte.</translation>
    </message>
    <message>
        <source>Write learning_rate=1e-4..1e-2:log, dropout=0..0.5:0.1, or batch_size=32,64,128; a field of the model itself as option.trees=50..200, one of a layer as layer.2.filters=16..64.</source>
        <translation>Schreibe learning_rate=1e-4..1e-2:log, dropout=0..0.5:0.1 oder batch_size=32,64,128; eine Einstellung des Modells selbst als option.trees=50..200, eine einer Schicht als layer.2.filters=16..64.</translation>
    </message>
    <message>
        <source>convolution</source>
        <translation>Eine Faltung</translation>
    </message>
    <message>
        <source>pooling</source>
        <translation>Ein Pooling</translation>
    </message>
    <message>
        <source>{model} has other characters than {first}.</source>
        <translation>{model} hat andere Zeichen als {first}.</translation>
    </message>
    <message>
        <source>{owner} has no option {option}.</source>
        <translation>{owner} hat keine Option {option}.</translation>
    </message>
    <message>
        <source>Line {number} of {path} has no text.</source>
        <translation>Zeile {number} von {path} hat keinen Text.</translation>
    </message>
    <message>
        <source>Line {number} of {path}: {reason}</source>
        <translation>Zeile {number} von {path}: {reason}</translation>
    </message>
    <message>
        <source>Lines are read by the recogniser of a bundle; {model} is the file of a network.</source>
        <translation>Zeilen liest ein Erkenner; {model} ist die Datei eines Netzes.</translation>
    </message>
    <message>
        <source>Lines are read from archives of words or of characters in words (.npz), and from JSON Lines with &quot;strokes&quot; and &quot;text&quot;.</source>
        <translation>Zeilen werden aus Archiven von Wörtern oder von Zeichen in Wörtern (.npz) gelesen, und aus JSON Lines mit „strokes“ und „text“.</translation>
    </message>
    <message>
        <source>Name the folder of a bundle.</source>
        <translation>Nenne den Ordner eines Erkenners.</translation>
    </message>
    <message>
        <source>Reading lines</source>
        <translation>Zeilen werden gelesen</translation>
    </message>
    <message>
        <source>{path} has characters of words that it lacks.</source>
        <translation>{path} hat Zeichen von Wörtern, die darin fehlen.</translation>
    </message>
    <message>
        <source>{path} has no lines.</source>
        <translation>{path} hat keine Zeilen.</translation>
    </message>
    <message>
        <source>{path} has no {missing}.</source>
        <translation>{path} hat kein {missing}.</translation>
    </message>
    <message>
        <source>A classic model cannot go on learning.</source>
        <translation>Ein klassisches Modell kann nicht weiterlernen.</translation>
    </message>
    <message>
        <source>Collect more; until then the recogniser learns your hand without a training.</source>
        <translation>Sammle mehr; bis dahin lernt der Erkenner deine Handschrift ohne Training.</translation>
    </message>
    <message>
        <source>Draw samples first.</source>
        <translation>Zeichne zuerst Beispiele.</translation>
    </message>
    <message>
        <source>Draw them in the Draw tab.</source>
        <translation>Zeichne sie im Reiter „Zeichnen“.</translation>
    </message>
    <message>
        <source>Expected {fewest} own samples or more. Received: {n}.</source>
        <translation>Erwartet: mindestens {fewest} eigene Beispiele. Erhalten: {n}.</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Wird gemessen</translation>
    </message>
    <message>
        <source>Start from a recogniser that is a network.</source>
        <translation>Beginne mit einem Erkenner, der ein Netz ist.</translation>
    </message>
    <message>
        <source>The own samples are no drawings.</source>
        <translation>Die eigenen Beispiele sind keine Zeichnungen.</translation>
    </message>
    <message>
        <source>The training was cancelled.</source>
        <translation>Das Training wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>{name} holds no drawings.</source>
        <translation>{name} enthält keine Zeichnungen.</translation>
    </message>
    <message>
        <source>Bring them to one size first.</source>
        <translation>Bring sie zuerst auf eine Größe.</translation>
    </message>
    <message>
        <source>Expected a column {name} in {path}. Received: {columns}.</source>
        <translation>In {path} wird eine Spalte {name} erwartet. Vorhanden: {columns}.</translation>
    </message>
    <message>
        <source>Expected encoded pictures in the column {column} of {path}. Received: others.</source>
        <translation>In der Spalte {column} von {path} werden kodierte Bilder erwartet; dort steht anderes.</translation>
    </message>
    <message>
        <source>Expected pictures of {height}×{width} pixels. Received: others, too.</source>
        <translation>Erwartet werden Bilder von {height}×{width} Pixeln; es gibt auch andere.</translation>
    </message>
    <message>
        <source>Export the run to it when it is over.</source>
        <translation>Exportiere den Lauf dorthin, wenn er beendet ist.</translation>
    </message>
    <message>
        <source>IDX (also .gz), .mat, .h5, .npz, .npy, .parquet, .csv, ARFF and LIBSVM, .jsonl with drawings, and folders of class folders with pictures, also as ZIP or tar, can be imported.</source>
        <translation>Importieren lassen sich IDX (auch .gz), .mat, .h5, .npz, .npy, .parquet, .csv, ARFF und LIBSVM, .jsonl mit Zeichnungen und Ordner mit Klassenordnern voller Bilder, auch als ZIP oder tar.</translation>
    </message>
    <message>
        <source>Parquet needs a package that is not installed: {package}.</source>
        <translation>Parquet braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>Pictures are looked for in the column image, classes in the column label.</source>
        <translation>Bilder werden in der Spalte image gesucht, Klassen in der Spalte label.</translation>
    </message>
    <message>
        <source>The Hugging Face hub stores them as PNG or JPEG within the file.</source>
        <translation>Der Hugging Face Hub speichert sie als PNG oder JPEG in der Datei.</translation>
    </message>
    <message>
        <source>{path} has row groups of more than a gigabyte.</source>
        <translation>{path} hat Zeilengruppen von mehr als einem Gigabyte.</translation>
    </message>
    <message>
        <source>{root} has no history: no epoch is done.</source>
        <translation>{root} hat keinen Verlauf: Keine Epoche ist fertig.</translation>
    </message>
    <message>
        <source>{tracker} cannot be reached: {reason}.</source>
        <translation>{tracker} ist nicht erreichbar: {reason}.</translation>
    </message>
    <message>
        <source>{tracker} is not written any more: {reason}.</source>
        <translation>{tracker} wird nicht weiter geschrieben: {reason}.</translation>
    </message>
    <message>
        <source>{tracker} needs a package that is not installed: {package}.</source>
        <translation>{tracker} braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>Choose one of {formats}.</source>
        <translation>Eines davon wählen: {formats}.</translation>
    </message>
    <message>
        <source>Free some space, or let this user write there; the sheet itself is kept.</source>
        <translation>Platz schaffen oder diesem Benutzer dort das Schreiben erlauben; das Blatt selbst bleibt erhalten.</translation>
    </message>
    <message>
        <source>Lines are not exported as {suffix}.</source>
        <translation>Zeilen werden nicht als {suffix} exportiert.</translation>
    </message>
    <message>
        <source>The history cannot be read: {reason}.</source>
        <translation>Der Verlauf kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>Submitting needs a package that is not installed: {package}.</source>
        <translation>Das Abschicken braucht ein Paket, das nicht installiert ist: {package}.</translation>
    </message>
    <message>
        <source>The jobs cannot be submitted: {reason}.</source>
        <translation>Die Aufträge lassen sich nicht abschicken: {reason}.</translation>
    </message>
    <message>
        <source>Their output is in {folder}; the same command goes on.</source>
        <translation>Ihre Ausgabe steht in {folder}; derselbe Befehl setzt fort.</translation>
    </message>
</context>
<context>
    <name>TrainingEmptyState</name>
    <message>
        <source>Train a network of your own and watch it learn to read: the small one takes a minute or two on the starter set, which needs no network connection.</source>
        <translation>Trainiere ein eigenes Netz und sieh ihm zu, wie es lesen lernt: Das kleine braucht mit dem Startsatz ein bis zwei Minuten, und kein Internet.</translation>
    </message>
    <message>
        <source>A recogniser that was trained elsewhere can be imported and drawn with.</source>
        <translation>Ein anderswo trainierter Erkenner kann importiert werden; damit lässt sich zeichnen.</translation>
    </message>
    <message>
        <source>Set up a small network on the starter set</source>
        <translation>Ein kleines Netz auf dem Startsatz einrichten</translation>
    </message>
    <message>
        <source>Choose the model and the data</source>
        <translation>Modell und Daten wählen</translation>
    </message>
    <message>
        <source>Import a recogniser…</source>
        <translation>Erkenner importieren …</translation>
    </message>
</context>
<context>
    <name>TrainingNotices</name>
    <message>
        <source>{0} was stopped early; its best is kept</source>
        <translation>{0} wurde früher beendet; das Beste davon ist behalten</translation>
    </message>
    <message>
        <source>{0} is finished</source>
        <translation>{0} ist fertig</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
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
    <name>ValueMap</name>
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
    <name>VariantPreview</name>
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
    <message>
        <source>exact binomial</source>
        <translation>exakter Binomialtest</translation>
    </message>
    <message>
        <source>chi-squared with continuity correction</source>
        <translation>Chi-Quadrat mit Kontinuitätskorrektur</translation>
    </message>
</context>
<context>
    <name>WriterTable</name>
    <message>
        <source>Writer</source>
        <translation>Schreiber</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95-%-Intervall</translation>
    </message>
    <message>
        <source>Mostly confused</source>
        <translation>Meist verwechselt</translation>
    </message>
    <message>
        <source>Figures of each writer</source>
        <translation>Zahlen zu jedem Schreiber</translation>
    </message>
    <message>
        <source>{0} as {1} ({2:,})</source>
        <translation>{0} als {1} ({2:,})</translation>
    </message>
</context>
<context>
    <name>WritingDialog</name>
    <message>
        <source>Export samples</source>
        <translation>Beispiele exportieren</translation>
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
</context>
<context>
    <name>_AnalysisStatus</name>
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
    <name>_EnlargedMap</name>
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
    <name>_Table</name>
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
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>Zeichnung</translation>
    </message>
    <message>
        <source>Save the curves</source>
        <translation>Kurven speichern</translation>
    </message>
</context>
</TS>
