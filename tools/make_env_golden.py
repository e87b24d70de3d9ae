#!/usr/bin/python3
"""Writes what the environments of envs/rl must do into tests/golden/rl/.

    tools/make_env_golden.py [DIRECTORY]     (Debian: python3-numpy 1.24)

Random numbers are NumPy's own. Trajectories come from the published equations and constants of each
environment, written out here once more in plain Python: a second opinion on the C++ ones. Each line
of a trajectory is "action reward terminated truncated observation...", after a first line
"seed observation..."; episodes follow each other without another seed, the first observation of the
next one standing on a line "reset observation...".
"""
import math
import pathlib
import sys

import numpy as np

DEFAULT_DIRECTORY = pathlib.Path(__file__).resolve().parent.parent / "tests/golden/rl"
SEED = 2025
STEPS = 320


def numpy_random(path):
    lines = []
    for seed in [0, 1, 123, 2**32 - 1, 2**32, 12345678901234567890]:
        rng = np.random.default_rng(seed)
        numbers = [rng.random() for _ in range(4)]
        numbers += [rng.integers(bound) for bound in (10, 10, 1, 7, 3_000_000_000, 2)]
        numbers += [rng.uniform(-3, 5) for _ in range(2)]
        numbers += [rng.integers(1_500_000_000 + i) for i in range(8)]
        lines.append(" ".join([str(seed)] + [repr(float(x)) for x in numbers]))
    path.write_text("\n".join(lines) + "\n")


class CartPole:
    limit = 500

    def reset(self, rng):
        self.x, self.v, self.a, self.w = rng.uniform(-0.05, 0.05, size=4)

    def act(self, rng, step):
        upright = int(self.a + 0.5 * self.w > 0)
        return upright if step % 160 < 120 else int(rng.integers(2))

    def step(self, action):
        force, sin, cos = (10 if action else -10), math.sin(self.a), math.cos(self.a)
        temp = (force + 0.05 * self.w**2 * sin) / 1.1
        wa = (9.8 * sin - cos * temp) / (0.5 * (4 / 3 - 0.1 * cos**2 / 1.1))
        xa = temp - 0.05 * wa * cos / 1.1
        self.x, self.v = self.x + 0.02 * self.v, self.v + 0.02 * xa
        self.a, self.w = self.a + 0.02 * self.w, self.w + 0.02 * wa
        return 1.0, abs(self.x) > 2.4 or abs(self.a) > math.radians(12)

    def observe(self):
        return [self.x, self.v, self.a, self.w]


class MountainCar:
    limit = 200

    def reset(self, rng):
        self.x, self.v = rng.uniform(-0.6, -0.4), 0.0

    def act(self, rng, step):
        return (2 if self.v >= 0 else 0) if step < 200 else int(rng.integers(3))

    def move(self, acceleration):
        self.v = min(0.07, max(-0.07, self.v + acceleration - 0.0025 * math.cos(3 * self.x)))
        self.x = min(0.6, max(-1.2, self.x + self.v))
        if self.x == -1.2 and self.v < 0:
            self.v = 0.0

    def step(self, action):
        self.move((action - 1) * 0.001)
        return -1.0, self.x >= 0.5 and self.v >= 0

    def observe(self):
        return [self.x, self.v]


class MountainCarContinuous(MountainCar):
    limit = 999

    def act(self, rng, step):
        force = rng.uniform(-1, 1) if step % 40 < 10 else math.copysign(0.9, self.v)
        return float(np.float32(force))

    def step(self, action):
        self.move(action * 0.0015)
        done = self.x >= 0.45 and self.v >= 0
        self.x, self.v = float(np.float32(self.x)), float(np.float32(self.v))  # kept as float32
        return (100.0 if done else 0.0) - 0.1 * action**2, done


class Acrobot:
    limit = 500

    def reset(self, rng):
        self.state = rng.uniform(-0.1, 0.1, size=4).astype(np.float32).astype(np.float64)

    def act(self, rng, step):
        return (0 if self.state[2] > 0 else 2) if step % 30 < 24 else int(rng.integers(3))

    @staticmethod
    def slope(s, torque):
        t1, t2, w1, w2 = s
        d1 = 0.25 + (1 + 0.25 + math.cos(t2)) + 2
        d2 = 0.25 + 0.5 * math.cos(t2) + 1
        phi2 = 0.5 * 9.8 * math.cos(t1 + t2 - math.pi / 2)
        phi1 = (-0.5 * w2**2 * math.sin(t2) - w2 * w1 * math.sin(t2)
                + 1.5 * 9.8 * math.cos(t1 - math.pi / 2) + phi2)
        a2 = (torque + d2 / d1 * phi1 - 0.5 * w1**2 * math.sin(t2) - phi2) / (1.25 - d2**2 / d1)
        return np.array([w1, w2, -(d2 * a2 + phi1) / d1, a2])

    def step(self, action):
        s, u, h = self.state, action - 1, 0.2
        k1 = self.slope(s, u)
        k2 = self.slope(s + h / 2 * k1, u)
        k3 = self.slope(s + h / 2 * k2, u)
        k4 = self.slope(s + h * k3, u)
        s = s + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        for i in range(2):
            s[i] = (s[i] + math.pi) % (2 * math.pi) - math.pi
        s[2:] = np.clip(s[2:], [-4 * math.pi, -9 * math.pi], [4 * math.pi, 9 * math.pi])
        self.state = s
        done = -math.cos(s[0]) - math.cos(s[0] + s[1]) > 1
        return (0.0 if done else -1.0), done

    def observe(self):
        a, b, w1, w2 = self.state
        return [math.cos(a), math.sin(a), math.cos(b), math.sin(b), w1, w2]


class Pendulum:
    limit = 200

    def reset(self, rng):
        self.a, self.w = rng.uniform([-math.pi, -1], [math.pi, 1])

    def act(self, rng, step):
        return float(np.float32(rng.uniform(-2, 2)))

    def step(self, action):
        wrapped = (self.a + math.pi) % (2 * math.pi) - math.pi
        cost = wrapped**2 + 0.1 * self.w**2 + 0.001 * action**2
        self.w = min(8.0, max(-8.0, self.w + (15 * math.sin(self.a) + 3 * action) * 0.05))
        self.a += 0.05 * self.w
        return -cost, False

    def observe(self):
        return [math.cos(self.a), math.sin(self.a), self.w]


def sample(probabilities, rng):
    return int(np.argmax(np.cumsum(probabilities) > rng.random()))


class FrozenLake:
    """Slippery, 4x4: every move goes sideways as often as ahead."""
    limit = 100
    ice = "SFFFFHFHFFFHHFFG"

    def reset(self, rng):
        self.rng, self.cell = rng, sample([c == "S" for c in self.ice], rng)

    def act(self, rng, step):
        return int(rng.integers(4))

    def step(self, action):
        action = (action - 1 + sample([1 / 3] * 3, self.rng)) % 4
        row, column = divmod(self.cell, 4)
        row = min(3, max(0, row + (0, 1, 0, -1)[action]))
        column = min(3, max(0, column + (-1, 0, 1, 0)[action]))
        self.cell = 4 * row + column
        letter = self.ice[self.cell]
        return float(letter == "G"), letter in "GH"

    def observe(self):
        return [self.cell]


class CliffWalking:
    limit = 10**9

    def reset(self, rng):
        self.rng, self.cell = rng, sample([i == 36 for i in range(48)], rng)

    def act(self, rng, step):
        return int(rng.choice(4, p=[0.3, 0.4, 0.2, 0.1]))

    def step(self, action):
        self.rng.random()
        row, column = divmod(self.cell, 12)
        row = min(3, max(0, row + (-1, 0, 1, 0)[action]))
        column = min(11, max(0, column + (0, 1, 0, -1)[action]))
        self.cell = 12 * row + column
        if row == 3 and 0 < column < 11:
            self.cell = 36
            return -100.0, False
        return -1.0, self.cell == 47

    def observe(self):
        return [self.cell]


class Taxi:
    limit = 200
    places = [(0, 0), (0, 4), (4, 0), (4, 3)]
    walls = [(0, 1), (1, 1), (3, 0), (4, 0), (3, 2), (4, 2)]  # right of (row, column)

    def reset(self, rng):
        self.rng = rng
        starts = [float(i // 4 % 5 < 4 and i // 4 % 5 != i % 4) for i in range(500)]
        state = sample(np.array(starts) / 300, rng)
        self.row, self.column, self.who, self.goal = (
            state // 100, state // 20 % 5, state // 4 % 5, state % 4)

    def act(self, rng, step):
        place = self.places[self.goal if self.who == 4 else self.who]
        if (self.row, self.column) == place and rng.random() < 0.8:
            return 5 if self.who == 4 else 4
        return int(rng.integers(6 if step % 9 == 0 else 4))

    def step(self, action):
        self.rng.random()
        here = (self.row, self.column)
        if action < 2:
            self.row = min(4, max(0, self.row + (1, -1)[action]))
        elif action == 2 and self.column < 4 and here not in self.walls:
            self.column += 1
        elif action == 3 and self.column > 0 and (self.row, self.column - 1) not in self.walls:
            self.column -= 1
        elif action == 4:
            if self.who == 4 or here != self.places[self.who]:
                return -10.0, False
            self.who = 4
        elif action == 5:
            if self.who != 4 or here not in self.places:
                return -10.0, False
            self.who = self.places.index(here)
            if self.who == self.goal:
                return 20.0, True
        return -1.0, False

    def observe(self):
        return [((self.row * 5 + self.column) * 5 + self.who) * 4 + self.goal]


def write_trajectory(path, env):
    def text(numbers):
        return " ".join(f"{x:.10g}" for x in numbers)

    rng, choices = np.random.default_rng(SEED), np.random.default_rng(7)
    env.reset(rng)
    lines, elapsed = [f"{SEED} {text(env.observe())}"], 0
    for step in range(STEPS):
        action = env.act(choices, step)
        reward, terminated = env.step(action)
        elapsed += 1
        truncated = elapsed == env.limit
        flags = [action, reward, int(terminated), int(truncated)]
        lines.append(f"{text(flags)} {text(env.observe())}")
        if terminated or truncated:
            env.reset(rng)
            elapsed = 0
            lines.append(f"reset {text(env.observe())}")
    path.write_text("\n".join(lines) + "\n")


def main():
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    numpy_random(directory / "numpy_random.txt")
    for name, env in {"CartPole-v1": CartPole(), "MountainCar-v0": MountainCar(),
                      "MountainCarContinuous-v0": MountainCarContinuous(),
                      "Acrobot-v1": Acrobot(), "Pendulum-v1": Pendulum(),
                      "FrozenLake-v1": FrozenLake(), "CliffWalking-v1": CliffWalking(),
                      "Taxi-v3": Taxi()}.items():
        write_trajectory(directory / f"{name}.txt", env)


if __name__ == "__main__":
    main()
