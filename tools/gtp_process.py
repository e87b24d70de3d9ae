"""A GTP engine as a process of its own, for the scripts beside this file."""

import re
import subprocess


class Engine:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)

    def send(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def line(self):
        """The next line of output; an empty one ends an answer."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the engine has ended")
        return line.strip()

    def try_to(self, command):
        """The full answer, its "=" or "?" included."""
        self.send(command)
        lines = []
        while line := self.line():
            lines.append(line)
        return "\n".join(lines)

    def ask(self, command):
        """The answer without its "="; an error raises RuntimeError."""
        answer = self.try_to(command)
        if not answer.startswith("="):
            raise RuntimeError(f"{command}: {answer}")
        return answer[1:].strip()

    def megabytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024
