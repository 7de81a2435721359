"""Equations of neurons: their language, and the graph of operations that it stands for."""
