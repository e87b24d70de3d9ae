#!/usr/bin/env python3
"""PyTorch's side of tools/bench_vs rl: PPO as one writes it in plain PyTorch, for the shape of
CartPole (4 numbers seen, 2 actions), policy and critic each an MLP of 64-64 tanh units.

Answers requests on stdin, one a line, with one number each on stdout:
  update THREADS SECONDS   PPO updates/s: 2048 samples, 10 epochs, minibatch 64, without a rollout
  act THREADS SECONDS      decisions/s on one observation: logits, value, a drawn action and its
                           log probability
"""
import sys
import time

import torch
from torch import nn
from torch.distributions import Categorical

SAMPLES, EPOCHS, MINIBATCH, INPUTS, ACTIONS = 2048, 10, 64, 4, 2
CLIP, VALUE_COEFFICIENT, MAX_NORM = 0.2, 0.5, 0.5


def linear(inputs, outputs, gain):
    layer = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(layer.weight, gain)
    nn.init.zeros_(layer.bias)
    return layer


def mlp(outputs, gain):
    return nn.Sequential(linear(INPUTS, 64, 2 ** 0.5), nn.Tanh(), linear(64, 64, 2 ** 0.5),
                         nn.Tanh(), linear(64, outputs, gain))


policy, critic = mlp(ACTIONS, 0.01), mlp(1, 1.0)
parameters = [*policy.parameters(), *critic.parameters()]
optimizer = torch.optim.Adam(parameters, lr=2.5e-4, eps=1e-5)


def rollout():
    """What an update learns from; its numbers do not matter here."""
    seen = torch.randn(SAMPLES, INPUTS)
    with torch.no_grad():
        distribution = Categorical(logits=policy(seen))
        actions = distribution.sample()
        advantages, returns = torch.randn(SAMPLES), torch.randn(SAMPLES)
        return seen, actions, distribution.log_prob(actions), advantages, returns


def update(data):
    for _ in range(EPOCHS):
        for rows in torch.randperm(SAMPLES).split(MINIBATCH):
            seen, actions, old, advantages, returns = (x[rows] for x in data)
            distribution = Categorical(logits=policy(seen))
            ratio = (distribution.log_prob(actions) - old).exp()
            advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
            policy_loss = -torch.min(ratio * advantages,
                                     ratio.clamp(1 - CLIP, 1 + CLIP) * advantages).mean()
            value_loss = (critic(seen).squeeze(1) - returns).square().mean()
            loss = policy_loss + VALUE_COEFFICIENT * value_loss
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, MAX_NORM)
            optimizer.step()


def act(seen):
    with torch.no_grad():
        distribution = Categorical(logits=policy(seen))
        action = distribution.sample()
        return action, distribution.log_prob(action), critic(seen)


def rate(work, seconds):
    """Of whole calls during about `seconds`, at least one, after a warm-up call."""
    work()
    done, start = 0, time.perf_counter()
    while done == 0 or time.perf_counter() - start < seconds:
        work()
        done += 1
    return done / (time.perf_counter() - start)


def main():
    torch.manual_seed(1)
    data, one = rollout(), torch.zeros(1, INPUTS)
    works = {"update": lambda: update(data), "act": lambda: act(one)}
    for line in sys.stdin:
        what, threads, seconds = line.split()
        torch.set_num_threads(int(threads))
        print(rate(works[what], float(seconds)), flush=True)


main()
