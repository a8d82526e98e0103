"""Frames and text → unit latents. The only user of open_clip."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from slap_studio.encoders import BUILT_IN, BUILT_IN_LABEL
from slap_studio.encoders.familiarity import Familiarity
from slap_studio.encoders.vocabulary import words_of
from slap_studio.problems import UnusableInput
from slap_studio.resources import assets

CONFIG_FILE, WEIGHTS_FILE, VOCABULARY_FILE = "open_clip_config.json", "open_clip_model.safetensors", "vocabulary.txt.gz"
_INSTEAD = "choose another with --encoder NAME/TAG, or leave the option out for the built-in encoder"


@dataclass(frozen=True)
class Source:
    """Where an open_clip model comes from, as open_clip's factory takes it.

    Attributes
    ----------
    label
        As people read it.
    model, pretrained
        open_clip's `model_name` and `pretrained`.
    file
        The weights, where they are a file that is already here.
    folder
        A folder that carries its own config and perhaps its own vocabulary.
    """

    label: str
    model: str
    pretrained: str | None = None
    file: Path | None = None
    folder: Path | None = None


def built_in_folder() -> Path:
    """The built-in encoder: config, weights, vocabulary, familiarity and model card."""
    return assets() / "tunnel_encoder"


def source(text: str = BUILT_IN) -> Source:
    """Read an encoder's name: "built-in", NAME/TAG, NAME/FILE, or a folder or file with its config beside it.

    Raises
    ------
    UnusableInput
        If it is none of these.
    """
    if text == BUILT_IN:
        folder = built_in_folder()
        return Source(BUILT_IN_LABEL, f"local-dir:{folder}", file=folder / WEIGHTS_FILE, folder=folder)
    path = Path(text).expanduser()
    if path.is_dir() or (path.is_file() and (path.parent / CONFIG_FILE).is_file()):
        folder = path if path.is_dir() else path.parent
        if not (folder / CONFIG_FILE).is_file():
            raise UnusableInput(
                f"The folder {path} holds no {CONFIG_FILE}; give a folder in open_clip's layout, or NAME/TAG."
            )
        file = path if path.is_file() else _weights_in(folder)
        return Source(folder.name, f"local-dir:{folder}", file=file, folder=folder)
    name, _, tag = text.partition("/")
    if not name or not tag:
        raise UnusableInput(
            f"{text!r} is no encoder: write NAME/TAG as open_clip does (for example ViT-B-32/laion2b_s34b_b79k), "
            f"NAME/FILE for a checkpoint, or {BUILT_IN}."
        )
    file = Path(tag).expanduser()
    return Source(text, name, tag, file=file if file.is_file() else None)


class Encoder:
    """A loaded open_clip model on its device; used by one thread at a time.

    Attributes
    ----------
    label
        Name as people read it.
    identity
        What its latents depend on: weights and preprocessing. Part of the cache's key.
    dimension
        d of its latents.
    scale
        By which cosines are multiplied where frames are classified by texts.
    built_in
        Whether it is the tunnel world's own.
    device
        Where it runs.
    """

    def __init__(self, origin: Source, model: Any, preprocess: Any, tokenizer: Any, device: str) -> None:
        self.label = origin.label
        self.built_in = origin.folder == built_in_folder()
        self.device = device
        weights = _file_hash(origin.file) if origin.file else f"{origin.model}/{origin.pretrained}"
        self.identity = f"{weights} {model.visual.preprocess_cfg}"
        self._model = model
        self._preprocess = preprocess
        self._tokenizer = tokenizer
        self._familiarity = Familiarity.beside(origin.folder) if origin.folder else None
        self.dimension = int(self.encode_text("a").size)
        # Models that are no CLIP have none; CLIP's own ends at 100.
        self.scale = float(model.logit_scale.detach().exp()) if hasattr(model, "logit_scale") else 100.0

    def encode_frames(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Unit latents [B, d] of RGB images [H, W, 3]."""
        return self.encode_prepared([self.prepared(image) for image in images])

    def prepared(self, image: NDArray[np.uint8]) -> torch.Tensor:
        """An RGB image [H, W, 3] as the model takes it [3, S, S]; may be called from several threads."""
        ready: torch.Tensor = self._preprocess(Image.fromarray(image))
        return ready

    def encode_prepared(self, images: Sequence[torch.Tensor]) -> NDArray[np.float32]:
        """Unit latents [B, d] of prepared images."""
        with torch.inference_mode():
            batch = torch.stack(list(images))
            return self._numpy(self._model.encode_image(batch.to(self.device), normalize=True))

    def encode_text(self, text: str) -> NDArray[np.float32]:
        """Unit latent [d] of a query.

        Raises
        ------
        UnusableInput
            If the text holds no word or number.
        """
        (latent,) = self.encode_texts([text])
        found: NDArray[np.float32] = latent
        return found

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit latents [T, d] of several queries at once.

        Raises
        ------
        UnusableInput
            If one of the texts holds no word or number.
        """
        for text in texts:
            if not any(character.isalnum() for character in text):
                raise UnusableInput('The query is empty; write what to look for, for example "a red cube".')
        with torch.inference_mode():
            tokens = self._tokenizer(list(texts)).to(self.device)
            return self._numpy(self._model.encode_text(tokens, normalize=True))

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """Words of a query that the built-in encoder never saw; other encoders spell any word."""
        if not self.built_in:
            return ()
        return tuple(word for word in words_of(text) if len(self._tokenizer.encode(word)) > 1)

    def knows(self, latents: NDArray[np.float32]) -> bool:
        """Whether frames with these latents [M, d] look like the world that this encoder was made for."""
        return self._familiarity is None or self._familiarity.covers(latents)

    @staticmethod
    def _numpy(latents: torch.Tensor) -> NDArray[np.float32]:
        result: NDArray[np.float32] = latents.float().cpu().numpy()
        return result


def load(name: str = BUILT_IN, device: str = "cpu") -> Encoder:
    """Load an encoder; a model that is not here yet is downloaded by open_clip.

    Raises
    ------
    UnusableInput
        If the name is unknown, the weights are damaged or belong to another model, or there is no network.
    """
    origin = source(name)
    if origin.file is not None and not origin.file.is_file():
        raise UnusableInput(f"The weights {origin.file} are missing; install SLAP Studio again or {_INSTEAD}.")
    # Imported here: it takes over a second.
    import open_clip

    known = origin.folder is not None or origin.model in open_clip.list_models()
    if not known:
        raise UnusableInput(f"open_clip has no model named {origin.model!r}; {_INSTEAD}.")
    if origin.pretrained and origin.file is None and not open_clip.is_pretrained_cfg(origin.model, origin.pretrained):
        tags = ", ".join(open_clip.list_pretrained_tags_by_model(origin.model)) or "none"
        raise UnusableInput(
            f"{origin.model} has no weights named {origin.pretrained!r} and there is no such file; it has: {tags}."
        )
    try:
        model, _, preprocess = open_clip.create_model_and_transforms(
            origin.model, pretrained=origin.pretrained, device=device, require_pretrained=True, weights_only=True
        )
        tokenizer = open_clip.get_tokenizer(origin.model, **_vocabulary(origin))
    except Exception as error:  # open_clip and what it loads raise a dozen kinds, some of them plain Exception
        raise UnusableInput(_why(origin, error)) from error
    return Encoder(origin, model.eval(), preprocess, tokenizer, device)


def untaught(model: str, device: str = "cpu", seed: int = 0) -> Encoder:
    """A model of open_clip's by its name, with random weights: good for measuring its speed, and for nothing else.

    Raises
    ------
    UnusableInput
        If there is none of that name.
    """
    import open_clip

    if model not in open_clip.list_models():
        raise UnusableInput(f"open_clip has no model named {model!r}; {_INSTEAD}.")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        made, _, preprocess = open_clip.create_model_and_transforms(
            model, pretrained=None, device=device, weights_only=True
        )
    origin = Source(model, model, f"random weights, seed {seed}")
    return Encoder(origin, made.eval(), preprocess, open_clip.get_tokenizer(model), device)


def untrained(folder: Path, device: str = "cpu") -> tuple[Any, Any]:
    """Model with random weights (torch's seed decides them) and tokenizer, by a folder's config; for training."""
    import open_clip

    name = f"local-dir:{folder}"
    model = open_clip.create_model(name, load_weights=False, device=device)
    return model, open_clip.get_tokenizer(name, bpe_path=str(folder / VOCABULARY_FILE))


def _vocabulary(origin: Source) -> dict[str, str]:
    if origin.folder is None or not (origin.folder / VOCABULARY_FILE).is_file():
        return {}
    return {"bpe_path": str(origin.folder / VOCABULARY_FILE)}


def _why(origin: Source, error: Exception) -> str:
    reason = type(error).__name__
    if origin.file is None:
        return f"The encoder {origin.label} could not be downloaded ({reason}); check the network, or {_INSTEAD}."
    return (
        f"The weights {origin.file} are damaged or belong to another model ({reason}); fetch them again, or {_INSTEAD}."
    )


def _weights_in(folder: Path) -> Path:
    found = [*sorted(folder.glob("*.safetensors")), *sorted(folder.glob("*.bin")), *sorted(folder.glob("*.pt*"))]
    if not found:
        raise UnusableInput(f"The folder {folder} holds a config and no weights; put the checkpoint beside it.")
    return found[0]


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
