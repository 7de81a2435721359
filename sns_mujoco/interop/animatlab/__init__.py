"""AnimatLab projects: their bodies, networks and adapters, read into ours."""
