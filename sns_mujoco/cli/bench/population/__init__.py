"""Speed of populations: against their bodies alone, against Gymnasium's vector environments and EnvPool's."""
