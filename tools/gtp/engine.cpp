#include "tools/gtp/engine.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <ostream>
#include <sstream>

#include "engine/base/check.hpp"
#include "engine/base/log.hpp"
#include "tools/gtp/line_reader.hpp"

namespace tengen::gtp {
namespace {

std::string clean(std::string_view line) {
  std::string text;
  for (const char c : line.substr(0, line.find('#'))) {
    if (c == '\t') text += ' ';
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 32 && byte != 127) text += c;
  }
  return text;
}

bool is_number(const std::string& word) {
  return std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c); });
}

/// An empty line would end the response early.
std::string without_empty_lines(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (c != '\n' || result.empty() || result.back() != '\n') result += c;
  while (!result.empty() && result.back() == '\n') result.pop_back();
  return result;
}

std::string frame(char status, const std::string& id, const std::string& text) {
  const std::string body = without_empty_lines(text);
  return status + id + (body.empty() ? "" : " ") + body + "\n\n";
}

}  // namespace

std::optional<Request> parse_request(std::string_view line) {
  std::istringstream words(clean(line));
  Request request;
  std::string word;
  if (!(words >> word)) return std::nullopt;
  if (is_number(word)) {
    request.id = word;
    words >> request.command;  // may be missing: an unknown command
  } else {
    request.command = word;
  }
  while (words >> word) request.args.push_back(word);
  return request;
}

Engine::Engine() {
  add({"list_commands", "all commands, one a line", [this](const Args&) {
         std::string names;
         for (const auto& [name, command] : commands_) names += name + "\n";
         return names;
       }});
  add({"known_command", "NAME: true or false", [this](const Args& args) -> std::string {
         return !args.empty() && commands_.count(args[0]) > 0 ? "true" : "false";
       }});
  add({"help", "[NAME]: what a command does", [this](const Args& args) {
         std::string lines;
         for (const auto& [name, command] : commands_)
           if (args.empty() || args[0] == name) lines += name + " " + command.help + "\n";
         if (lines.empty()) throw Failure("unknown command");
         return lines;
       }});
  add({"protocol_version", "2", [](const Args&) { return "2"; }});
  add({"quit", "end the session", [](const Args&) { return ""; }});
}

void Engine::add(Command command) {
  std::string name = command.name;
  const bool added = commands_.emplace(std::move(name), std::move(command)).second;
  CHECK_INVARIANT(added);
}

std::string Engine::respond(const Request& request) {
  const auto found = commands_.find(request.command);
  if (found == commands_.end()) return frame('?', request.id, "unknown command");
  try {
    return frame('=', request.id, found->second.handler(request.args));
  } catch (const std::exception& error) {
    return frame('?', request.id, error.what());
  }
}

void Engine::answer(const Request& request, std::ostream& out) {
  std::string response = respond(request);
  const auto found = commands_.find(request.command);
  if (found == commands_.end() || !found->second.follow_up || response.front() != '=') {
    out << response << std::flush;
    return;
  }
  response.pop_back();  // the empty line comes after what follows
  out << response << std::flush;
  try {
    found->second.follow_up(request.args, out);
  } catch (const std::exception& error) {  // the status is already out: a log is all that is left
    spdlog::error("{}: {}", request.command, error.what());
  }
  out << "\n" << std::flush;
}

void Engine::run(std::istream& in, std::ostream& out) {
  LineReader reader(in, interrupt_);
  input_waiting_ = &reader.waiting();
  while (const std::optional<Request> request = reader.next()) {
    answer(*request, out);
    if (request->command == "quit") break;
    spend_idle_time();
  }
  input_waiting_ = &no_more_input_;
}

void Engine::spend_idle_time() const try {
  if (idle_ && !input_waiting()) idle_();
} catch (const std::exception& error) {
  spdlog::error("between two requests: {}", error.what());
}

void expect_args(const Args& args, std::size_t low, std::size_t high) {
  if (args.size() < low || args.size() > high) throw Failure("syntax error");
}

std::string joined(const Args& args) { return fmt::format("{}", fmt::join(args, " ")); }

int parse_int(const std::string& text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) throw Failure("syntax error");
  return value;
}

double parse_double(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) throw Failure("syntax error");
  return value;
}

std::string lower_case(const std::string& text) {
  std::string lower;
  for (const unsigned char c : text) lower += static_cast<char>(std::tolower(c));
  return lower;
}

bool parse_bool(const std::string& text) {
  const std::string lower = lower_case(text);
  if (lower != "true" && lower != "false") throw Failure("syntax error");
  return lower == "true";
}

int parse_colour(const std::string& text) {
  const std::string lower = lower_case(text);
  if (lower == "b" || lower == "black") return 0;
  if (lower == "w" || lower == "white") return 1;
  throw Failure("syntax error");
}

}  // namespace tengen::gtp
