"""A retina of neurons sees edges: each is excited by the centre of its receptive field and inhibited by the surround.

Run: `python examples/edges.py`.
"""

import numpy as np

from sns_mujoco.network.subnetworks import PatternNetwork, difference_of_gaussians

R, ROWS, COLUMNS = 20.0, 16, 40
row, column = np.mgrid[:ROWS, :COLUMNS]
image = np.full((ROWS, COLUMNS), 0.2)
image[(row - 8) ** 2 + (column - 10) ** 2 / 3 < 28] = 0.9  # a disc
image[3:13, 24:36] = 0.6  # a square

kernel = difference_of_gaussians(5, centre=0.6, surround=1.4, gain=1.5)
net = PatternNetwork(kernel, image.shape, "retina ", R=R, balanced=True)
net.add_input("retina In", size=image.size)
net.add_output("retina Out")

current = np.tile(R * image.ravel(), (400, 1))  # nA, the same image for 40 ms
seen = net.compile(0.1).run(current)[-1].reshape(image.shape) / R

print(f"{net.get_num_neurons()} neurons; + and - where they are above and below rest by 5 % of R")
for line in seen[2:-2, 2:-2]:  # but for the border, beyond which it is dark
    print("".join("+" if u > 0.05 else "-" if u < -0.05 else "." for u in line))
edge, inside = np.abs(seen[8, 23:25]).mean(), abs(seen[8, 30])
print(f"the answer is {edge:.2f} R at the side of the square and {inside:.2f} R inside it")
