#!/usr/bin/env python3
"""PyTorch's side of tools/bench_vs: the residual net of `tengen net describe
resnet:blocks=6,channels=96` for Go on 9x9, evaluated and trained, and the small nets of `tengen
bench fit`, trained.

Arguments: threads; input planes; policy channels, value channels and hidden values with commas
between. Answers requests on stdin, one a line, with one word each on stdout:
  infer PRECISION BATCH SECONDS   positions/s of the frozen net, channels last
  train PRECISION BATCH SECONDS   samples/s of a training step (Adam, policy and value loss)
  mlp, cnn, lstm PRECISION SECONDS   steps/s of training, each with a batch of its own
  blas   the library that computes dense layers
PRECISION is fp32 or bf16: of the whole net when it is evaluated; of what autocast computes in it
when it is trained.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

THREADS = int(sys.argv[1])
BLOCKS, CHANNELS, PLANES, SIZE, ACTIONS = 6, 96, int(sys.argv[2]), 9, 82
POLICY_CHANNELS, VALUE_CHANNELS, VALUE_HIDDEN = (int(x) for x in sys.argv[3].split(","))


def conv(inputs, outputs, kernel):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(outputs))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = conv(CHANNELS, CHANNELS, 3), conv(CHANNELS, CHANNELS, 3)

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.first(x))))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(conv(PLANES, CHANNELS, 3), nn.ReLU(),
                                   *[Block() for _ in range(BLOCKS)])
        self.policy = nn.Sequential(conv(CHANNELS, POLICY_CHANNELS, 1), nn.ReLU(), nn.Flatten(),
                                    nn.Linear(POLICY_CHANNELS * SIZE * SIZE, ACTIONS))
        self.value = nn.Sequential(conv(CHANNELS, VALUE_CHANNELS, 1), nn.ReLU(), nn.Flatten(),
                                   nn.Linear(VALUE_CHANNELS * SIZE * SIZE, VALUE_HIDDEN), nn.ReLU(),
                                   nn.Linear(VALUE_HIDDEN, 1), nn.Tanh())

    def forward(self, x):
        x = self.trunk(x)
        return self.policy(x), self.value(x)


def computing_in(precision):
    """Training so: weights, gradients and losses stay fp32."""
    return torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16")


def planes(batch):
    return (torch.rand(batch, PLANES, SIZE, SIZE) < 0.25).float().to(
        memory_format=torch.channels_last)


def new_net():
    return Net().to(memory_format=torch.channels_last)


def rate(work, batch, seconds):
    """Of whole calls during about `seconds`, at least one, after a warm-up call."""
    work()
    done, start = 0, time.perf_counter()
    while done == 0 or time.perf_counter() - start < float(seconds):
        work()
        done += batch
    return done / (time.perf_counter() - start)


TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
frozen = {}


def infer(precision, batch, seconds):
    batch, x = int(batch), planes(int(batch)).to(TYPES[precision])
    with torch.inference_mode():
        if (precision, batch) not in frozen:
            net = new_net().eval().to(TYPES[precision])
            frozen[precision, batch] = torch.jit.optimize_for_inference(
                torch.jit.freeze(torch.jit.trace(net, x)))
            for _ in range(3):  # the profiling executor compiles in its first calls
                frozen[precision, batch](x)
        return rate(lambda: frozen[precision, batch](x), batch, seconds)


training = {}


def train(precision, batch, seconds):
    batch = int(batch)
    if precision not in training:
        net = new_net().train()
        training[precision] = net, torch.optim.Adam(net.parameters())
    net, optimizer = training[precision]
    x, value = planes(batch), torch.rand(batch, 1)
    policy = torch.softmax(torch.rand(batch, ACTIONS), 1)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with computing_in(precision):
            logits, v = net(x)
        loss = F.cross_entropy(logits.float(), policy) + F.mse_loss(v.float(), value)
        loss.backward()
        optimizer.step()

    return rate(step, batch, seconds)


# The small nets ---------------------------------------------------------------------------------

SYMBOLS, STEPS, STREAMS, IMAGES = 65, 35, 20, 60000


class LanguageModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm = nn.Embedding(SYMBOLS, 100), nn.LSTM(100, 100)
        self.output = nn.Linear(100, SYMBOLS)

    def forward(self, tokens, state):
        y, state = self.lstm(self.embedding(tokens), state)
        return self.output(y), state


def image_loss(net):
    """Of a batch drawn from as many images as MNIST has."""
    images, labels = torch.rand(IMAGES, 1, 28, 28), torch.randint(10, (IMAGES,))

    def loss():
        chosen = torch.randint(IMAGES, (100,))
        return F.cross_entropy(net(images[chosen]), labels[chosen])
    return loss


def text_loss(net):
    """Of the next piece of each stream; the state is kept from piece to piece."""
    text = torch.randint(SYMBOLS, (STEPS + 1, STREAMS))
    state = [None]

    def loss():
        logits, new = net(text[:-1], state[0])
        state[0] = tuple(part.detach() for part in new)
        return F.cross_entropy(logits.reshape(-1, SYMBOLS), text[1:].reshape(-1))
    return loss


def mlp():
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 50), nn.ReLU(), nn.Linear(50, 10))
    return image_loss(net), torch.optim.SGD(net.parameters(), lr=0.1)


def cnn():
    net = nn.Sequential(nn.Conv2d(1, 30, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                        nn.Linear(30 * 12 * 12, 100), nn.ReLU(), nn.Linear(100, 10))
    return image_loss(net), torch.optim.Adam(net.parameters())


def lstm():
    net = LanguageModel()
    return text_loss(net), torch.optim.SGD(net.parameters(), lr=0.1)


small_nets = {}


def train_small(make, precision, seconds):
    if (make, precision) not in small_nets:
        small_nets[make, precision] = make()
    loss, optimizer = small_nets[make, precision]

    def step():
        optimizer.zero_grad(set_to_none=True)
        with computing_in(precision):
            value = loss()
        value.backward()
        optimizer.step()

    return rate(step, 1, seconds)


def blas():
    with open("/proc/self/maps") as maps:
        loaded = maps.read()
    known = {"libopenblas": "OpenBLAS", "libmkl": "MKL", "libblis": "BLIS"}
    return next((name for file, name in known.items() if file in loaded), "reference-BLAS")


REQUESTS = {
    "infer": infer,
    "train": train,
    "mlp": lambda *request: train_small(mlp, *request),
    "cnn": lambda *request: train_small(cnn, *request),
    "lstm": lambda *request: train_small(lstm, *request),
    "blas": blas,
}


def main():
    torch.manual_seed(1)
    torch.set_num_threads(THREADS)
    for line in sys.stdin:
        what, *request = line.split()
        print(REQUESTS[what](*request), flush=True)


main()
