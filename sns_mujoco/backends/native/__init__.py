"""The fast CPU step: compiled functions over the flat buffers that `packing.py` makes."""
