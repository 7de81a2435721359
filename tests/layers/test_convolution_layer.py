"""Convolutional graded synapses of any dimension and number of channels."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from sns_mujoco.errors import NetworkError
from sns_mujoco.layers import NonSpikingChemicalSynapseConv, PiecewiseActivation

DOUBLE = torch.float64


@pytest.mark.parametrize(
    ("block", "options"),
    [("conv_valid", {}), ("conv_same", {"padding": 1}), ("conv_stride2", {"padding": 1, "stride": 2})],
)
def test_recorded(reference, block, options):
    z = reference("extra/snstorch_modules.npz")
    params = {
        "conductance": z[f"{block}.conductance"].clamp(min=0),  # SNSTorch cuts negative draws off when it is set up
        "reversal": z[f"{block}.reversal"],
    }
    synapse = NonSpikingChemicalSynapseConv(1, 1, 3, params=params, dtype=DOUBLE, **options)
    pre, post, out = (z[f"{block}.{name}"] for name in ("pre", "post", "out"))
    torch.testing.assert_close(synapse(pre, post), out, rtol=0, atol=1e-12)
    batched = synapse(torch.stack([pre, pre * 0.5]), torch.stack([post, post]))
    torch.testing.assert_close(batched[0], out, rtol=0, atol=1e-12)


def by_hand(synapse, pre, post, groups, stride, padding, dilation):
    """Sum over every single synapse of a 2-D field [C, H, W]."""
    g, e = (synapse.params[name].detach().numpy() for name in ("conductance", "reversal"))
    opened = np.clip(pre.numpy(), 0, 1)
    out = np.zeros(post.shape)
    per_group_in, per_group_out = pre.shape[0] // groups, post.shape[0] // groups
    for o, r, c in np.ndindex(*post.shape):
        for i, a, b in np.ndindex(*g.shape[1:]):
            row, column = r * stride + a * dilation - padding, c * stride + b * dilation - padding
            if 0 <= row < pre.shape[1] and 0 <= column < pre.shape[2]:
                source = (o // per_group_out) * per_group_in + i
                open_share = opened[source, row, column]
                out[o, r, c] += g[o, i, a, b] * open_share * (e[o, i, a, b] - float(post[o, r, c]))
    return out


@pytest.mark.parametrize(
    ("channels", "groups", "stride", "padding", "dilation"),
    [((1, 1), 1, 1, 0, 1), ((3, 2), 1, 1, 1, 1), ((4, 6), 2, 2, 2, 1), ((2, 4), 2, 1, 2, 2), ((3, 3), 3, 3, 0, 2)],
)
def test_it_is_the_sum_over_its_synapses(channels, groups, stride, padding, dilation):
    synapse = NonSpikingChemicalSynapseConv(
        *channels, 3, groups=groups, stride=stride, padding=padding, dilation=dilation, dtype=DOUBLE
    )
    pre = torch.randn(channels[0], 7, 8, dtype=DOUBLE)
    post = torch.randn(channels[1], *synapse.field_after((7, 8)), dtype=DOUBLE)
    expected = by_hand(synapse, pre, post, groups, stride, padding, dilation)
    np.testing.assert_allclose(synapse(pre, post).detach(), expected, rtol=0, atol=1e-13)
    batch = synapse(torch.stack([pre, -pre, pre]).expand(2, 3, *pre.shape), post)
    assert batch.shape == (2, 3, *post.shape)
    np.testing.assert_allclose(batch[1, 2].detach(), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("conv_dim", [1, 2, 3])
@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_it_is_torch_s_convolution_in_every_dimension(conv_dim, mode):
    options = {"stride": (2, 1, 1)[:conv_dim], "padding": (1, 2, 0)[:conv_dim], "dilation": 1, "padding_mode": mode}
    kernel = (3, 2, 1)[:conv_dim]
    synapse = NonSpikingChemicalSynapseConv(2, 3, kernel, conv_dim, dtype=DOUBLE, activation=torch.sigmoid, **options)
    plain = getattr(torch.nn, f"Conv{conv_dim}d")(2, 3, kernel, bias=False, dtype=DOUBLE, **options)
    pre = torch.randn(4, 2, *(6, 5, 4)[:conv_dim], dtype=DOUBLE)
    g, e = synapse.params["conductance"], synapse.params["reversal"]
    with torch.no_grad():
        sums = []
        for weight in (g * e, g):
            plain.weight.copy_(weight)
            sums.append(plain(torch.sigmoid(pre)))
    post = torch.randn_like(sums[0])
    torch.testing.assert_close(synapse(pre, post), sums[0] - sums[1] * post, rtol=0, atol=1e-13)
    assert tuple(sums[0].shape[2:]) == synapse.field_after(pre.shape[2:])


@pytest.mark.parametrize("kernel", [3, 4, (5, 2)])
def test_padding_same_keeps_the_field(kernel):
    synapse = NonSpikingChemicalSynapseConv(1, 1, kernel, padding="same", dilation=2, dtype=DOUBLE)
    pre = torch.rand(9, 10, dtype=DOUBLE)
    expected = functional.conv2d(pre[None, None], synapse.params["conductance"], padding="same", dilation=2)
    synapse.params["reversal"] = 1.0
    torch.testing.assert_close(synapse(pre, torch.zeros(9, 10)), expected[0, 0], rtol=0, atol=1e-13)
    valid = NonSpikingChemicalSynapseConv(1, 1, kernel, padding="valid")
    assert valid.field_after((9, 10)) == NonSpikingChemicalSynapseConv(1, 1, kernel).field_after((9, 10))


def test_conductances_train_and_stay_non_negative():
    """In SNSTorch, gradients reach two copies of the kernel, which the next setup() overwrites."""
    target, synapse = (
        NonSpikingChemicalSynapseConv(2, 3, 3, activation=PiecewiseActivation(-1.0, 1.0)) for _ in range(2)
    )
    synapse.params["reversal"] = target.params["reversal"].detach()
    start = synapse.params["conductance"].detach().clone()
    assert (start == 0).any()  # some draws start at their bound
    trainer = torch.optim.Adam([synapse.params.raw("conductance")], lr=0.003)
    pre, post = torch.randn(8, 2, 6, 6), torch.randn(8, 3, 4, 4)
    wanted = target(pre, post).detach()
    losses = []
    for _ in range(200):
        synapse.setup()
        trainer.zero_grad()
        loss = (synapse(pre, post) - wanted).square().mean()
        loss.backward()
        trainer.step()
        losses.append(loss.item())
    trained = synapse.params["conductance"]
    assert losses[-1] < 0.05 * losses[0]
    assert (trained >= 0).all() and (trained != start).float().mean() > 0.5
    assert (trained[start == 0] > 0).any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"conv_dim": 4}, "conv_dim is 4; give 1, 2 or 3"),
        ({"in_channels": 3, "groups": 2}, "3 channels in and 4 out do not divide into 2 groups"),
        ({"padding_mode": "mirror"}, "padding_mode is 'mirror'; give one of zeros, reflect, replicate, circular"),
        ({"padding": "same", "stride": 2}, "padding is 'same'; give whole numbers, 'valid', or, with stride 1"),
        ({"padding": -1}, "padding is -1; give a whole number of 0 or more"),
        ({"kernel_size": (3, 3, 3)}, r"kernel_size is \(3, 3, 3\); give a whole number of 1 or more, or one for each"),
        ({"stride": 0}, "stride is 0"),
        ({"dilation": 1.5}, "dilation is 1.5"),
        ({"out_channels": 0}, "size is"),
        ({"params": {"conductance": -torch.ones(4, 2, 3, 3)}}, "conductance.* is -1; it must be at least 0"),
    ],
)
def test_refusals(options, message):
    with pytest.raises(NetworkError, match=message):
        NonSpikingChemicalSynapseConv(**{"in_channels": 2, "out_channels": 4, "kernel_size": 3, **options})


@pytest.mark.parametrize(
    ("pre", "post", "message"),
    [
        ((5, 5), (4, 3, 3), r"state_pre has shape \(5, 5\); give \[\*batch, 2 channels, 2 axes\]"),
        ((3, 5, 5), (4, 3, 3), r"state_pre has shape \(3, 5, 5\)"),
        ((2, 5, 5), (4, 5, 5), r"state_post has shape \(4, 5, 5\); .* it must be \(4, 3, 3\)"),
        ((2, 2, 5), (4, 1, 3), r"a field of \(2, 5\) is smaller than the kernel \(3, 3\)"),
    ],
)
def test_wrong_shapes_are_refused(pre, post, message):
    synapse = NonSpikingChemicalSynapseConv(2, 4, 3)
    with pytest.raises(NetworkError, match=message):
        synapse(torch.zeros(pre), torch.zeros(post))
