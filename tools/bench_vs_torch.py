#!/usr/bin/env python3
"""PyTorch's side of tools/bench_vs: the residual net of `tengen net describe
resnet:blocks=6,channels=96` for Go on 9x9, evaluated and trained.

Arguments: input planes; policy channels, value channels and hidden values with commas between.
Answers requests on stdin, one a line, with one number each on stdout:
  infer THREADS BATCH SECONDS   positions/s of the frozen net, fp32, channels last
  train THREADS BATCH SECONDS   samples/s of a training step (Adam, policy and value loss), fp32
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BLOCKS, CHANNELS, PLANES, SIZE, ACTIONS = 6, 96, int(sys.argv[1]), 9, 82
POLICY_CHANNELS, VALUE_CHANNELS, VALUE_HIDDEN = (int(x) for x in sys.argv[2].split(","))


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


def planes(batch):
    return (torch.rand(batch, PLANES, SIZE, SIZE) < 0.25).float().to(
        memory_format=torch.channels_last)


def new_net():
    return Net().to(memory_format=torch.channels_last)


def rate(work, batch, seconds):
    """Of whole calls during about `seconds`, at least one, after a warm-up call."""
    work()
    done, start = 0, time.perf_counter()
    while done == 0 or time.perf_counter() - start < seconds:
        work()
        done += batch
    return done / (time.perf_counter() - start)


frozen = {}


def infer(batch, seconds):
    x = planes(batch)
    with torch.no_grad():
        if batch not in frozen:
            frozen[batch] = torch.jit.optimize_for_inference(
                torch.jit.freeze(torch.jit.trace(new_net().eval(), x)))
            for _ in range(3):  # the profiling executor compiles in its first calls
                frozen[batch](x)
        return rate(lambda: frozen[batch](x), batch, seconds)


training = None


def train(batch, seconds):
    global training
    if training is None:
        net = new_net().train()
        training = net, torch.optim.Adam(net.parameters())
    net, optimizer = training
    x, value = planes(batch), torch.rand(batch, 1)
    policy = torch.softmax(torch.rand(batch, ACTIONS), 1)

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits, v = net(x)
        loss = F.cross_entropy(logits, policy) + F.mse_loss(v, value)
        loss.backward()
        optimizer.step()

    return rate(step, batch, seconds)


def main():
    torch.manual_seed(1)
    for line in sys.stdin:
        what, threads, batch, seconds = line.split()
        torch.set_num_threads(int(threads))
        print({"infer": infer, "train": train}[what](int(batch), float(seconds)), flush=True)


main()
