#include "envs/rl/pixels/screen.hpp"

#include <algorithm>

namespace tengen::envs::rl {

Screen::Screen(std::span<float> out, int channels) : out_(out), channels_(channels) {
  std::fill(out.begin(), out.end(), 0.0f);
}

void Screen::draw(int channel, Cell cell) {
  if (cell.on_screen()) out_[(cell.row * kScreenSide + cell.column) * channels_ + channel] = 1;
}

std::string picture(std::span<const float> planes, std::string_view signs) {
  std::string text;
  for (int cell = 0; cell < kScreenSide * kScreenSide; ++cell) {
    const auto here = planes.subspan(cell * signs.size(), signs.size());
    char sign = '.';
    for (std::size_t channel = signs.size(); channel-- > 0;)
      if (here[channel] != 0 && signs[channel] != ' ') sign = signs[channel];
    text += sign;
    if (cell % kScreenSide == kScreenSide - 1) text += '\n';
  }
  return text;
}

EnvSpec pixel_spec(const char* id, int channels, int actions) {
  return {.id = id,
          .observation_space = Space::box(0, 1, {kScreenSide, kScreenSide, channels}),
          .action_space = Space::discrete(actions),
          .max_episode_steps = 2500};
}

}  // namespace tengen::envs::rl
