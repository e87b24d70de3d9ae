#!/usr/bin/python3
"""Writes what PyTorch computes for Tengen's layers, losses and optimizers into tests/golden/torch/.

    tools/make_torch_golden.py [DIRECTORY]     (Debian: python3-torch 1.13)

The tests compare with these files, so PyTorch is needed only to make them anew: after adding a case
here and in tests/engine/golden/. Inputs are drawn in float32, PyTorch computes in float64, and the
results are rounded to float32. Everything is stored in Tengen's layout: images [N, H, W, C],
sequences [N, T, C] (those of recurrent layers [T, N, C]), convolution weights
[out, kh, kw, in / groups], transposed ones [in, kh, kw, out / groups]. The files depend on nothing
but this script.
"""
import json
import pathlib
import struct
import sys

import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(20250101)
DEFAULT_DIRECTORY = pathlib.Path(__file__).resolve().parent.parent / "tests/golden/torch"


def draw(*shape, scale=1.0):
    """Normal numbers that float32 holds exactly."""
    return (scale * torch.randn(*shape)).float().double()


def channels_last(x):
    """[N, C, ...] -> [N, ..., C]; matrices and vectors stay."""
    return x if x.dim() < 3 else x.movedim(1, -1)


def channels_first(x):
    return x if x.dim() < 3 else x.movedim(-1, 1)


class Archive:
    """Named tensors in the safetensors format."""

    def __init__(self):
        self.tensors = {}

    def add(self, case, name, tensor):
        tensor = tensor.detach()
        tensor = tensor.int() if tensor.dtype == torch.int64 else tensor.float()
        self.tensors[f"{case}/{name}"] = tensor.contiguous().numpy()

    def save(self, path):
        header, offset = {}, 0
        for name, array in self.tensors.items():
            dtype = {"float32": "F32", "int32": "I32"}[str(array.dtype)]
            header[name] = {"dtype": dtype, "shape": list(array.shape),
                            "data_offsets": [offset, offset + array.nbytes]}
            offset += array.nbytes
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(path, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for array in self.tensors.values():
                file.write(array.tobytes())


def record_layer(archive, case, module, x, names=None, convert=channels_last):
    """x in Tengen's layout. `names` maps PyTorch's parameter names to Tengen's; `convert` turns
    results into Tengen's layout, its inverse being applied to x where it is channels_last."""
    names = names or {"weight": "weight", "bias": "bias"}
    module = module.double() if isinstance(module, nn.Module) else module
    parameters = dict(module.named_parameters()) if isinstance(module, nn.Module) else {}
    for parameter in parameters.values():
        parameter.data = draw(*parameter.shape, scale=0.5)
    archive.add(case, "input", x)
    x = x.clone().requires_grad_()
    if isinstance(module, nn.Module):
        for name, buffer in module.named_buffers():
            if buffer.dim() > 0:
                buffer.copy_(draw(*buffer.shape).abs() + 0.5)
                archive.add(case, "buffer_before." + name.replace("var", "variance"), buffer)
    first = channels_first if convert is channels_last else (lambda t: t)
    y = convert(module(first(x)))
    dy = draw(*y.shape)
    y.backward(dy)
    archive.add(case, "output", y)
    archive.add(case, "output_gradient", dy)
    archive.add(case, "input_gradient", x.grad)
    for name, parameter in parameters.items():
        archive.add(case, "parameter." + names[name], channels_last(parameter))
        archive.add(case, "gradient." + names[name], channels_last(parameter.grad))
    if isinstance(module, nn.Module):
        for name, buffer in module.named_buffers():
            if buffer.dim() > 0:
                archive.add(case, "buffer_after." + name.replace("var", "variance"), buffer)


def plain(x):
    return x


def layers():
    archive = Archive()
    image = lambda channels=4, height=6, width=7: draw(2, height, width, channels)
    norm = {"weight": "gamma", "bias": "beta"}

    record_layer(archive, "linear", nn.Linear(5, 3), draw(4, 5))
    for case, options in {
        "conv2d": dict(kernel_size=3, padding=1),
        "conv2d_5x5": dict(kernel_size=5, padding=2),
        "conv2d_stride": dict(kernel_size=3, stride=2, padding=1),
        "conv2d_dilated": dict(kernel_size=3, padding=2, dilation=2),
        "conv2d_grouped": dict(kernel_size=3, padding=1, groups=2),
        "conv2d_depthwise": dict(kernel_size=3, padding=1, groups=4),
        "conv2d_pointwise": dict(kernel_size=1),
    }.items():
        record_layer(archive, case, nn.Conv2d(4, 8, **options), image())
    for case, options in {
        "conv1d": dict(kernel_size=3, padding=1),
        "conv1d_dilated": dict(kernel_size=3, padding=2, dilation=2),
        "conv1d_stride_grouped": dict(kernel_size=4, stride=2, padding=1, groups=2),
    }.items():
        record_layer(archive, case, nn.Conv1d(4, 6, **options), draw(2, 9, 4))
    causal = nn.Conv1d(4, 6, kernel_size=2, dilation=3)
    pad = nn.ConstantPad1d((3, 0), 0.0)
    record_layer(archive, "conv1d_causal", nn.Sequential(pad, causal), draw(2, 9, 4),
                 names={"1.weight": "weight", "1.bias": "bias"})
    for case, options in {
        "conv_transpose2d": dict(kernel_size=4, stride=2, padding=1),
        "conv_transpose2d_output_padding": dict(kernel_size=3, stride=2, padding=1,
                                                output_padding=1),
        "conv_transpose2d_grouped": dict(kernel_size=2, stride=2, groups=2),
        "conv_transpose2d_dilated": dict(kernel_size=3, dilation=2),
    }.items():
        record_layer(archive, case, nn.ConvTranspose2d(4, 6, **options), image(height=3, width=4))
    record_layer(archive, "max_pool", nn.MaxPool2d(2), image())
    record_layer(archive, "max_pool_padded", nn.MaxPool2d(3, stride=2, padding=1), image())
    record_layer(archive, "average_pool", nn.AvgPool2d(2), image())
    record_layer(archive, "average_pool_padded",
                 nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), image())
    record_layer(archive, "global_average_pool",
                 nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), image())
    record_layer(archive, "global_max_pool",
                 nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()), image())
    record_layer(archive, "batch_norm_train", nn.BatchNorm2d(4), image(), norm)
    record_layer(archive, "batch_norm_eval", nn.BatchNorm2d(4).eval(), image(), norm)
    for groups in (1, 2, 4):
        record_layer(archive, f"group_norm_{groups}", nn.GroupNorm(groups, 4), image(), norm)
    record_layer(archive, "instance_norm", nn.InstanceNorm2d(4, affine=True), image(), norm)
    record_layer(archive, "layer_norm", nn.LayerNorm(6), draw(2, 3, 6), norm, convert=plain)
    record_layer(archive, "local_response_norm",
                 nn.LocalResponseNorm(3, alpha=0.5, beta=0.75, k=2.0), image(7))
    for case, module in {
        "relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(0.1), "gelu": nn.GELU(), "silu": nn.SiLU(),
        "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "randomized_relu": nn.RReLU().eval(),
        "softmax": nn.Softmax(-1), "log_softmax": nn.LogSoftmax(-1),
    }.items():
        record_layer(archive, case, module, draw(3, 7, scale=2.0), convert=plain)
    record_layer(archive, "parametric_relu", nn.PReLU(4), image(), {"weight": "slope"})

    class Maxout(nn.Module):
        def __init__(self):
            super().__init__()
            self.pieces = nn.Linear(5, 3 * 4)

        def forward(self, x):
            return self.pieces(x).view(-1, 3, 4).amax(-1)

    record_layer(archive, "maxout", Maxout(), draw(6, 5),
                 {"pieces.weight": "pieces.weight", "pieces.bias": "pieces.bias"})
    return archive


def record_loss(archive, case, loss, prediction, target):
    archive.add(case, "prediction", prediction)
    archive.add(case, "target", target)
    prediction = prediction.clone().requires_grad_()
    value = loss(prediction, target)
    value.backward()
    archive.add(case, "loss", value)
    archive.add(case, "gradient", prediction.grad)


def losses():
    archive = Archive()
    x, t = draw(5, 4, scale=2.0), draw(5, 4)
    distributions = torch.softmax(draw(5, 4), -1).float().double()
    labels = torch.tensor([0, 3, 1, 1, 2])
    record_loss(archive, "mean_squared_error", F.mse_loss, x, t)
    record_loss(archive, "half_squared_error",
                lambda y, t: 0.5 * F.mse_loss(y, t, reduction="sum"), x, t)
    record_loss(archive, "smooth_l1", lambda y, t: F.smooth_l1_loss(y, t, beta=0.5), x, t)
    record_loss(archive, "softmax_cross_entropy", F.cross_entropy, x, distributions)
    record_loss(archive, "masked_cross_entropy", lambda y, t: F.cross_entropy(y, t, ignore_index=-1),
                x, torch.tensor([0, -1, 1, 3, -1]))
    record_loss(archive, "cross_entropy_of_labels", F.cross_entropy, x, labels)
    record_loss(archive, "smoothed_cross_entropy",
                lambda y, t: F.cross_entropy(y, t, label_smoothing=0.1), x, labels)
    record_loss(archive, "binary_cross_entropy", F.binary_cross_entropy_with_logits, x,
                torch.rand(5, 4).float().double())
    record_loss(archive, "kl_divergence",
                lambda y, t: F.kl_div(F.log_softmax(y, -1), t, reduction="batchmean"), x,
                distributions)
    # An embedding in the place of the prediction: the gradient of its table.
    tokens, weights = torch.tensor([[1, 0, 1], [3, 1, 0]]), draw(2, 3, 4)
    archive.add("embedding", "weights", weights)
    record_loss(archive, "embedding", lambda w, t: (F.embedding(t, w) * weights).sum(),
                draw(5, 4), tokens)
    return archive


def optimizers():
    """Five steps from one start along given gradients."""
    archive = Archive()
    make = {
        "sgd": lambda p: torch.optim.SGD(p, 0.1, weight_decay=0.01),
        "momentum": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9),
        "nesterov": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
        "adagrad": lambda p: torch.optim.Adagrad(p, 0.1, weight_decay=0.01),
        "rmsprop": lambda p: torch.optim.RMSprop(p, 0.1, alpha=0.9, weight_decay=0.01),
        "adam": lambda p: torch.optim.Adam(p, 0.1, weight_decay=0.01),
        "adamw": lambda p: torch.optim.AdamW(p, 0.1, weight_decay=0.1),
    }
    for case, build in make.items():
        parameter = nn.Parameter(draw(3, 4))
        archive.add(case, "start", parameter)
        optimizer = build([parameter])
        gradients, values = [], []
        for _ in range(5):
            parameter.grad = draw(3, 4)
            gradients.append(parameter.grad)
            optimizer.step()
            values.append(parameter.detach().clone())
        archive.add(case, "gradients", torch.stack(gradients))
        archive.add(case, "values", torch.stack(values))
    return archive


def record_sequence(archive, case, run, inputs, parameters):
    """`run` maps inputs (a dict of tensors) to the output; `parameters` gives, after the backward
    pass, (Tengen's name, value, gradient) for each parameter."""
    variables = {name: x.clone().requires_grad_() for name, x in inputs.items()}
    y = run(**variables)
    dy = draw(*y.shape)
    y.backward(dy)
    archive.add(case, "output", y)
    archive.add(case, "output_gradient", dy)
    for name, x in variables.items():
        archive.add(case, "input." + name, x)
        archive.add(case, "input_gradient." + name, x.grad)
    for name, value, gradient in parameters():
        archive.add(case, "parameter." + name, value)
        archive.add(case, "gradient." + name, gradient)


def redraw(module):
    module = module.double()
    for parameter in module.parameters():
        parameter.data = draw(*parameter.shape, scale=0.5)
    return module


def recurrent_weights(module, suffix):
    """Both matrices and both biases of a layer, of "_l0", "_l1", "_l0_reverse", ..."""
    p = dict(module.named_parameters())
    return [p[k + suffix] for k in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]


def lstm_parameters(module, suffix="_l0", prefix=""):
    """Those of nn.RNN likewise."""
    ih, hh, b, c = recurrent_weights(module, suffix)
    yield prefix + "weight_in", ih, ih.grad
    yield prefix + "weight", hh, hh.grad
    yield prefix + "bias", b + c, b.grad


def gru_parameters(module, hidden, suffix="_l0", prefix=""):
    """PyTorch's update gate keeps the state where Tengen's replaces it: the rows of z negated."""
    sign = torch.ones(3 * hidden, 1).double()
    sign[hidden:2 * hidden] = -1
    ih, hh, b, c = recurrent_weights(module, suffix)
    both = b + torch.cat([c[:2 * hidden], torch.zeros(hidden).double()])
    sign1 = sign[:, 0]
    yield prefix + "weight_in", sign * ih, sign * ih.grad
    yield prefix + "weight", sign * hh, sign * hh.grad
    yield prefix + "bias", sign1 * both, sign1 * b.grad
    yield prefix + "bias_n", c[2 * hidden:], c.grad[2 * hidden:]


def attention_parameters(module, prefix=""):
    width = module.embed_dim
    for i, name in enumerate(("query", "key", "value")):
        part = slice(i * width, (i + 1) * width)
        yield f"{prefix}{name}.weight", module.in_proj_weight[part], module.in_proj_weight.grad[part]
        yield f"{prefix}{name}.bias", module.in_proj_bias[part], module.in_proj_bias.grad[part]
    yield f"{prefix}output.weight", module.out_proj.weight, module.out_proj.weight.grad
    yield f"{prefix}output.bias", module.out_proj.bias, module.out_proj.bias.grad


def transformer_parameters(layer):
    residuals = ["attention", "feed_forward"]
    yield from attention_parameters(layer.self_attn, "attention.")
    if hasattr(layer, "multihead_attn"):
        residuals.insert(1, "source_attention")
        yield from attention_parameters(layer.multihead_attn, "source_attention.")
    for module, name in ((layer.linear1, "inner"), (layer.linear2, "outer")):
        yield f"feed_forward.{name}.weight", module.weight, module.weight.grad
        yield f"feed_forward.{name}.bias", module.bias, module.bias.grad
    for i, name in enumerate(residuals):
        norm = getattr(layer, f"norm{i + 1}")
        yield f"{name}_residual.norm.gamma", norm.weight, norm.weight.grad
        yield f"{name}_residual.norm.beta", norm.bias, norm.bias.grad


def sequences():
    """Recurrent layers [T, N, D]; attention and transformers [B, T, D]."""
    archive = Archive()
    steps = lambda: {"x": draw(4, 2, 3)}
    lstm = redraw(nn.LSTM(3, 5))
    record_sequence(archive, "lstm", lambda x: lstm(x)[0], steps(), lambda: lstm_parameters(lstm))
    gru = redraw(nn.GRU(3, 5))
    record_sequence(archive, "gru", lambda x: gru(x)[0], steps(), lambda: gru_parameters(gru, 5))

    width, heads, hidden = 8, 2, 6
    causal = torch.triu(torch.full((4, 4), float("-inf")).double(), 1)
    padded = torch.tensor([[False] * 5, [False] * 3 + [True] * 2])  # of the source
    attention = redraw(nn.MultiheadAttention(width, heads, batch_first=True))
    record_sequence(archive, "multi_head_attention",
                    lambda x, source: attention(x, source, source, key_padding_mask=padded)[0],
                    {"x": draw(2, 4, width), "source": draw(2, 5, width)},
                    lambda: attention_parameters(attention))
    for name, options in {"pre_norm": dict(norm_first=True, activation="gelu"),
                          "post_norm": dict(norm_first=False, activation="relu")}.items():
        options |= dict(dim_feedforward=hidden, dropout=0.0, batch_first=True)
        encoder = redraw(nn.TransformerEncoderLayer(width, heads, **options))
        record_sequence(archive, "transformer_encoder_" + name,
                        lambda x: encoder(x, src_mask=causal), {"x": draw(2, 4, width)},
                        lambda: transformer_parameters(encoder))
        decoder = redraw(nn.TransformerDecoderLayer(width, heads, **options))
        record_sequence(archive, "transformer_decoder_" + name,
                        lambda x, source: decoder(x, source, tgt_mask=causal,
                                                  memory_key_padding_mask=padded),
                        {"x": draw(2, 4, width), "source": draw(2, 5, width)},
                        lambda: transformer_parameters(decoder))

    for activation in ("tanh", "relu"):
        rnn = redraw(nn.RNN(3, 5, nonlinearity=activation))
        record_sequence(archive, "rnn_" + activation, lambda x: rnn(x)[0], steps(),
                        lambda: lstm_parameters(rnn))
    both = redraw(nn.LSTM(3, 5, bidirectional=True))
    record_sequence(archive, "bidirectional_lstm", lambda x: both(x)[0], steps(),
                    lambda: [*lstm_parameters(both, "_l0", "forward."),
                             *lstm_parameters(both, "_l0_reverse", "backward.")])
    deep = redraw(nn.GRU(3, 5, num_layers=2))
    record_sequence(archive, "gru_of_two_layers", lambda x: deep(x)[0], steps(),
                    lambda: [*gru_parameters(deep, 5, "_l0", "0."),
                             *gru_parameters(deep, 5, "_l1", "1.")])
    return archive


def main():
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    for name, make in {"layers": layers, "losses": losses, "optimizers": optimizers,
                       "sequences": sequences}.items():
        make().save(directory / f"{name}.safetensors")


if __name__ == "__main__":
    main()
