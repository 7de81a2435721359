"""Films on disk: h264 in MP4 through PyAV, animated GIF and WebP through Pillow."""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.errors import MissingDependencyError, OutputPathError
from sns_mujoco.files import PartialFile, check_output_path, written_whole

VIDEO_SUFFIXES = (".mp4", ".gif", ".webp")
IMAGE_SUFFIXES = (".png",)

_BT709 = 1  # the colours of high definition; untagged, players guess, and guess wrong
_LIMITED_RANGE = 1
_GIF_FASTEST = 50  # frames a second; browsers slow down anything faster


class VideoWriter:
    """Writes a film frame by frame.

    Usage:

        with VideoWriter("film.mp4", (1280, 720), fps=30) as video:
            for picture in pictures:
                video.write(picture)

    The film appears at its place when it is closed, with exactly the frames written. If an error passes through the
    `with` block, or there was no frame, nothing appears there and nothing is left behind.
    """

    def __init__(
        self, path: str | os.PathLike[str], size: tuple[int, int], *, fps: float | Fraction, crf: int = 20
    ) -> None:
        """Open a film for writing.

        Args:
            path: Where it shall be: .mp4, .gif or .webp.
            size: Width and height, pixels; both even.
            fps: Frames a second.
            crf: Constant rate factor of h264, 0 to 51: lower is larger and finer.

        Raises:
            OutputPathError: It cannot be written there, or not at this size or rate.
            MissingDependencyError: PyAV is not installed.
        """
        self._place = check_output_path(path, VIDEO_SUFFIXES)
        self._kind = self._place.suffix.lower()
        self._size = size
        self._rate = Fraction(fps).limit_denominator(100_000)
        if min(size) < 2 or size[0] % 2 or size[1] % 2:
            raise OutputPathError(f"a film of {size[0]} x {size[1]} pixels cannot be written; both must be even")
        if self._rate <= 0 or (self._kind == ".gif" and self._rate > _GIF_FASTEST):
            fastest = f"at most {_GIF_FASTEST} for .gif, " if self._kind == ".gif" else ""
            raise OutputPathError(f"{str(path)!r} cannot show {fps} frames a second; {fastest}more than 0")
        self.frames = 0
        self._partial = PartialFile(self._place)
        # GIF and WebP want to know all frames at once; until then they wait on disk, without loss.
        self._spool = PartialFile(self._place.with_suffix(".mkv")) if self._kind != ".mp4" else self._partial
        self._container: Any = None
        self._stream: Any = None
        try:
            self._container, self._stream = self._open(crf)
        except BaseException:
            self.discard()
            raise

    def write(self, picture: NDArray[np.uint8]) -> None:
        """Add a frame.

        Args:
            picture: The frame [height, width, 3], sRGB bytes.

        Raises:
            ValueError: It has another shape or type.
        """
        wanted = (self._size[1], self._size[0], 3)
        if picture.shape != wanted or picture.dtype != np.uint8:
            raise ValueError(f"a frame must be uint8 {wanted}, got {picture.dtype} {picture.shape}")
        import av

        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        if self._kind == ".mp4":
            frame = frame.reformat(format="yuv420p", dst_colorspace=_BT709)
            frame.colorspace, frame.color_range = _BT709, _LIMITED_RANGE
        frame.pts, frame.time_base = self.frames, 1 / self._rate
        self._container.mux(self._stream.encode(frame))
        self.frames += 1

    def close(self) -> None:
        """Finish the film and put it in its place. Closing again does nothing.

        Raises:
            OutputPathError: No frame was written.
        """
        if self._container is None:
            return
        if self.frames == 0:
            self.discard()
            raise OutputPathError(f"{str(self._place)!r} was closed before its first frame; no film was written")
        try:
            self._container.mux(self._stream.encode(None))
            self._container.close()
            self._container = None
            if self._spool is not self._partial:
                self._convert()
                self._spool.discard()
            self._partial.keep()
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Give up the film and leave nothing behind."""
        container, self._container = self._container, None
        if container is not None:
            container.close()
        self._partial.discard()
        self._spool.discard()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close the film, or discard it if an error passes through."""
        if kind is None:
            self.close()
        else:
            self.discard()

    def _open(self, crf: int) -> tuple[Any, Any]:
        try:
            import av
        except ImportError as error:
            raise MissingDependencyError("films need PyAV; install it (pip install av)") from error
        options = {"movflags": "+faststart"} if self._kind == ".mp4" else {}
        container = av.open(str(self._spool.path), "w", options=options)
        if self._kind == ".mp4":
            stream: Any = container.add_stream("libx264", rate=self._rate)
            stream.pix_fmt = "yuv420p"
            stream.options = {"crf": str(crf), "preset": "veryfast"}
            context = stream.codec_context
            context.colorspace = context.color_primaries = context.color_trc = _BT709
            context.color_range = _LIMITED_RANGE
        else:
            stream = container.add_stream("ffv1", rate=self._rate)
            stream.pix_fmt = "bgr0"
        stream.width, stream.height = self._size
        stream.codec_context.time_base = 1 / self._rate
        return container, stream

    def _convert(self) -> None:
        tick = 10 if self._kind == ".gif" else 1  # milliseconds; what the format counts in
        edges = [tick * round(Fraction(1000 * n, tick) / self._rate) for n in range(self.frames + 1)]
        pictures = self._spooled()
        options = {"optimize": False} if self._kind == ".gif" else {"quality": 85, "method": 2}
        next(pictures).save(
            self._partial.path,
            save_all=True,
            append_images=pictures,
            duration=[after - before for before, after in zip(edges, edges[1:], strict=False)],
            loop=0,
            **options,
        )

    def _spooled(self) -> Iterator[Any]:
        import av
        from PIL import Image

        with av.open(str(self._spool.path)) as container:
            for frame in container.decode(video=0):
                picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
                if self._kind == ".gif":
                    picture = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
                yield picture


def save_image(path: str | os.PathLike[str], picture: NDArray[np.uint8]) -> Path:
    """Write a still image, whole or not at all.

    Args:
        path: Where it shall be, .png.
        picture: The picture [height, width, 3], sRGB bytes.

    Returns:
        The path.

    Raises:
        OutputPathError: It cannot be written there.
    """
    from PIL import Image

    place = check_output_path(path, IMAGE_SUFFIXES)
    with written_whole(place) as temporary:
        Image.fromarray(picture).save(temporary)
    return place
