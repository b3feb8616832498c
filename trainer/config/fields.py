"""The settings of a training in one table: title, unit, range and help.

The options of the command line and the window's form are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trainer.augmentation.mixing import MIXINGS

PRECISIONS = ("float32", "mixed_bfloat16")
OPTIMIZERS = ("adam", "adamw", "adamax", "adadelta", "sgd-momentum")
SCHEDULES = ("constant", "cosine", "plateau")
TRACKERS = ("none", "tensorboard", "mlflow")
DEVICES = ("auto", "cpu", "gpu")


@dataclass(frozen=True)
class Field:
    """A setting of `TrainingConfig`, as a form shows it.

    Attributes
    ----------
    name : str
        Of the field.
    title : str
    kind : str
        "int", "float", "text", "choice", "data", "bundle", "names", "options", "layers" or
        "augmentation".
    group : str
        Fields of a group stand together: data, model, training, regularisation, run.
    help : str
        What it does, for a beginner.
    low, high : float
        Limits of a number, both included.
    unit : str
    choices : tuple of str
    advanced : bool
        Whether a beginner can ignore it.
    zero : str
        What 0 means, in a word; empty if it is a number like any other.
    is_share : bool
        Whether a form shows it in per cent.
    """

    name: str
    title: str
    kind: str
    group: str
    help: str
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    choices: tuple[str, ...] = ()
    advanced: bool = False
    zero: str = ""
    is_share: bool = False


_DATA = (
    Field("data", "Dataset", "data", "data",
          "What to learn from: a dataset by its name, such as starter or mnist, or a file or "
          "folder."),
    Field("extra", "More data to train on", "names", "data",
          "Datasets whose samples are added to those to train on, never to those to choose by."),
    Field("extra_share", "Share of the added data", "float", "data",
          "How much of each epoch comes from data that are added to the dataset, such as "
          "your own samples; 0 takes every sample as often as any other.", 0, 0.9,
          is_share=True, zero="as they come"),
    Field("validation", "Validation data", "data", "data",
          "Data to choose the best epoch by, named as the dataset is; empty takes the validation "
          "split of the dataset, or sets a part of it aside.",
          advanced=True),
    Field("validation_share", "Validation share", "float", "data",
          "Part of all samples to train on, whatever the subset, that is set aside to choose the "
          "best epoch by.", 0.02, 0.5,
          is_share=True),
    Field("limit", "Subset", "int", "data",
          "Train on this many samples chosen at random of those that are not set aside; 0 for "
          "all. Fewer is faster but less accurate.",
          0, 1e9, "samples", zero="all"),
    Field("balance", "Balance", "float", "data",
          "0 draws samples as they come, 1 draws every class equally often.", 0, 1, advanced=True),
    Field("class_weights", "Class weights", "float", "data",
          "0 counts every sample alike; 1 lets every class weigh the same in the loss, however "
          "many samples it has.", 0, 1, advanced=True),
    Field("screen_after", "Screen after", "int", "data",
          "After this many epochs, samples whose label the network finds very unlikely are set "
          "aside as wrongly labelled; 0 for never.", 0, 1000, "epochs", advanced=True,
          zero="never"),
    Field("screen_below", "Screen below", "float", "data",
          "Probability below which a label counts as wrong.", 0, 0.5, advanced=True, is_share=True),
    Field("direction_share", "Direction of the pen", "float", "data",
          "Share of the drawings of which the network is shown how the pen moved, not only the "
          "picture; the others teach it to read pictures. 0 shows pictures only.", 0, 1,
          advanced=True, is_share=True),
    Field("unusual_share", "Unusual strokes", "float", "data",
          "Share of the drawings with a direction whose strokes are reversed or in another order, "
          "so that an unusual hand is read as well.", 0, 1, advanced=True, is_share=True),
    Field("paper_share", "On paper", "float", "data",
          "Share of the images that are made to look like cut out of a photograph: blurred, "
          "unevenly lit, on ruled paper, with noise.", 0, 1, advanced=True, is_share=True),
    Field("image_augmentation", "Vary images", "augmentation", "data",
          "Moves, turns and bends images a little, anew in every epoch, so that the network does "
          "not memorise them."),
    Field("augmentation", "Vary drawings", "augmentation", "data",
          "Moves, turns and bends the strokes of drawings, anew in every epoch, as if another "
          "hand had drawn them with another pen."),
)  # fmt: skip

_MODEL = (
    Field("preset", "Model", "choice", "model", "What is trained: a network, or a classic model."),
    Field("preset_options", "Options of the model", "options", "model",
          "Settings that only this model has."),
    Field("layers", "Layers", "layers", "model",
          "Layers of the model own, one after the other; a dense layer gives the classes."),
    Field("image_size", "Image size", "int", "model",
          "The network first resizes the images to this side; 0 leaves them as they are.",
          0, 128, "px", advanced=True, zero="as the data"),
    Field("start_from", "Start from", "bundle", "model",
          "Folder of a recogniser of the same kind whose weights to begin with; empty for random "
          "ones.", advanced=True),
    Field("teacher", "Teacher", "bundle", "model",
          "Folder of a recogniser whose predictions are mixed into the training targets.",
          advanced=True),
    Field("teacher_share", "Share of the teacher", "float", "model",
          "Share of the target that is the teacher's prediction.", 0, 1, advanced=True,
          is_share=True),
)  # fmt: skip

_TRAINING = (
    Field("epochs", "Epochs", "int", "training",
          "How often the network sees all of the data. More learns more, until it overfits.",
          1, 1000, "epochs"),
    Field("batch_size", "Batch size", "int", "training",
          "Samples the network sees between two updates of its weights. Larger is faster, "
          "smaller often generalises better.", 1, 4096, "samples"),
    Field("optimizer", "Optimiser", "choice", "training",
          "How the weights are updated. Adam suits nearly everything; Adadelta is slow to start.",
          choices=OPTIMIZERS),
    Field("learning_rate", "Learning rate", "float", "training",
          "How large each update of the weights is. Too large and the loss jumps or is no "
          "number; too small and nothing moves.", 1e-8, 1.0),
    Field("schedule", "Schedule", "choice", "training",
          "Constant keeps the rate; cosine lets it rise and then fall to zero; plateau halves it "
          "when validation does not improve for three epochs.", choices=SCHEDULES),
    Field("warmup_epochs", "Warm-up", "float", "training",
          "Epochs in which the rate of the cosine rises to its highest.", 0, 1000, "epochs",
          advanced=True),
    Field("early_stopping", "Early stopping", "int", "training",
          "Stop when validation has not improved for this many epochs; 0 for never.",
          0, 1000, "epochs", zero="off"),
    Field("average_epochs", "Averaging", "float", "training",
          "The weights are averaged over about this many epochs, which is more accurate than the "
          "last weights; 0 for no averaging.", 0, 1000, "epochs", advanced=True, zero="off"),
    Field("clip_norm", "Gradient limit", "float", "training",
          "Gradients longer than this are clipped to it, which tames a loss that jumps; 0 for no "
          "limit.", 0, 1000, advanced=True, zero="off"),
)  # fmt: skip

_REGULARISATION = (
    Field("dropout", "Dropout", "float", "regularisation",
          "Part of the features that is hidden at random while training, so that the network "
          "relies on no single one.", 0, 0.9, is_share=True),
    Field("l2", "L2 penalty", "float", "regularisation",
          "How much large weights cost; keeps the network simple.", 0, 1, zero="off"),
    Field("weight_decay", "Weight decay", "float", "regularisation",
          "By how much every weight shrinks with each update; for AdamW.", 0, 1,
          advanced=True, zero="off"),
    Field("label_smoothing", "Label smoothing", "float", "regularisation",
          "Part of the target that is spread over all classes, so that the network is never "
          "quite sure.", 0, 0.5, is_share=True),
    Field("mixing", "Mixing", "choice", "regularisation",
          "Mixes each image and its target with another's: mixup blends all pixels, cutmix takes a "
          "rectangle of the other.", choices=MIXINGS, advanced=True),
    Field("mixing_strength", "Strength of the mixing", "float", "regularisation",
          "Small values leave most images nearly as they are; 1 mixes in all proportions alike.",
          0.01, 1, advanced=True),
    Field("erasing", "Erasing", "float", "regularisation",
          "Share of the images of which a random rectangle is erased, so that the network relies "
          "on no single part.", 0, 1, advanced=True, is_share=True),
)  # fmt: skip

_RUN = (
    Field("seed", "Seed", "int", "run",
          "Seed of all random numbers: the same seed gives the same run.", 0, 2**32 - 1),
    Field("device", "Device", "choice", "run",
          "Auto takes the graphics processor where TensorFlow finds one.", choices=DEVICES),
    Field("precision", "Number format", "choice", "run",
          "mixed_bfloat16 computes with shorter numbers: faster where the processor has them.",
          choices=PRECISIONS),
    Field("steps_per_call", "Steps per call", "int", "run",
          "Batches computed in one call, before requests such as a pause are handled; 0 chooses "
          "by the network's size.",
          0, 100, advanced=True, zero="automatic"),
    Field("log", "Experiment tracker", "choice", "run",
          "Where the figures of the run go as well: tensorboard writes them into the folder of the "
          "run, mlflow to MLFLOW_TRACKING_URI or into a database of the profile.",
          choices=TRACKERS, advanced=True),
)  # fmt: skip

FIELDS: Mapping[str, Field] = {
    field.name: field for field in (*_DATA, *_MODEL, *_TRAINING, *_REGULARISATION, *_RUN)
}
"""All settings by name, in the order of a form."""

FOR_ALL_MODELS = frozenset(
    (
        *("preset", "preset_options", "data", "extra", "validation", "validation_share"),
        *("limit", "seed", "log"),
    )
)
"""Settings that classic models have, too."""
