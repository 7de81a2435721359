"""What adapters compute, natively: signals to currents, and potentials or spikes to controls, over flat buffers."""
