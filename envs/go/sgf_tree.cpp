#include "envs/go/sgf_tree.hpp"

#include <algorithm>
#include <optional>

#include "engine/base/error.hpp"
#include "envs/go/sgf_encoding.hpp"

namespace tengen::envs::go {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }

class Parser {
 public:
  Parser(const std::string& text, const std::string& source) : text_(text), source_(source) {}

  SgfCollection parse() {
    collection_.bare_root = !seek_game();
    if (collection_.bare_root && !seek_bare_root()) fail(0, "not an SGF file: expected \"(;\"");
    do {
      game();
    } while (seek_game());
    return std::move(collection_);
  }

 private:
  [[noreturn]] void fail(std::size_t offset, const std::string& message) const {
    throw Error(source_, offset, message);
  }

  void skip_space() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }

  bool at_end() const { return at_ >= text_.size(); }

  /// Behind the next '(' that is followed by ';'.
  bool seek_game() {
    while (!at_end())
      if (text_[at_++] == '(') {
        skip_space();
        if (!at_end() && text_[at_] == ';') return true;
      }
    return false;
  }

  /// Behind the first '(' that is followed by a property.
  bool seek_bare_root() {
    for (at_ = text_.find('('); !at_end(); at_ = text_.find('(', at_)) {
      ++at_;
      skip_space();
      const auto name_end = std::find_if_not(text_.begin() + at_, text_.end(), is_upper);
      if (name_end != text_.begin() + at_ && name_end != text_.end() && *name_end == '[')
        return true;
    }
    return false;
  }

  /// From behind the '(' of a game to behind its ')', or to where the text is cut off.
  void game() {
    std::vector<int> branches = {-1};  // the node that each open '(' hangs from
    int node = collection_.bare_root ? add_node(-1) : -1;
    while (!branches.empty()) {
      skip_space();
      collection_.cut_off = at_end();
      if (collection_.cut_off) return;
      const char c = text_[at_];
      if (c == ';' || c == '(' || c == ')') ++at_;
      if (c == ';') {
        node = add_node(node);
      } else if (c == '(') {
        branches.push_back(node);
      } else if (c == ')') {
        node = branches.back();
        branches.pop_back();
      } else {
        add_property(collection_.nodes[static_cast<std::size_t>(node)]);
      }
    }
  }

  int add_node(int parent) {
    const int node = static_cast<int>(collection_.nodes.size());
    std::vector<int>& siblings = parent < 0
                                     ? collection_.roots
                                     : collection_.nodes[static_cast<std::size_t>(parent)].children;
    siblings.push_back(node);
    collection_.nodes.push_back({{}, parent, {}});
    return node;
  }

  void add_property(SgfNode& node) {
    SgfProperty property;
    const std::size_t start = at_;
    for (; !at_end() && is_letter(text_[at_]); ++at_)
      if (is_upper(text_[at_])) property.name += text_[at_];
    if (property.name.empty()) fail(start, "expected a property, ';', '(' or ')'");
    skip_space();
    property.offset = at_ + 1;
    while (!at_end() && text_[at_] == '[') {
      if (const auto raw = value()) property.values.emplace_back(*raw);
      skip_space();
    }
    if (!property.values.empty())
      node.properties.push_back(std::move(property));
    else if (!at_end())
      fail(at_, "expected '[' after " + property.name);
  }

  /// From '[' to behind the ']' that is not escaped; none if the text ends before.
  std::optional<std::string_view> value() {
    const std::size_t start = ++at_;
    for (; !at_end(); ++at_) {
      if (text_[at_] == ']') return text_.substr(start, at_++ - start);
      if (text_[at_] == '\\') ++at_;
    }
    return std::nullopt;
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t at_ = 0;
  SgfCollection collection_;
};

bool is_ascii(const SgfNode& node) {
  for (const SgfProperty& property : node.properties)
    for (const std::string& value : property.values)
      if (std::any_of(value.begin(), value.end(), [](char c) { return c & 0x80; })) return false;
  return true;
}

/// The text is UTF-8 whatever the file was: CA says so where it stood, and where it is needed.
void name_utf8(SgfCollection& collection) {
  const bool ascii = std::all_of(collection.nodes.begin(), collection.nodes.end(), is_ascii);
  for (const int root : collection.roots) {
    std::vector<SgfProperty>& properties =
        collection.nodes[static_cast<std::size_t>(root)].properties;
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [](const SgfProperty& p) { return p.name == "CA"; });
    if (found != properties.end())
      found->values = {"UTF-8"};
    else if (!ascii)
      properties.push_back({"CA", {"UTF-8"}});
  }
}

/// Writes nodes and closes variations in turn, from an explicit stack.
class Writer {
 public:
  explicit Writer(const SgfCollection& collection) : nodes_(collection.nodes) {
    for (const int root : collection.roots) {
      push_variation(root);
      run();
      text_ += '\n';
    }
  }
  std::string text() { return std::move(text_); }

 private:
  static constexpr int kOpen = -1, kClose = -2;
  static constexpr std::size_t kLineLength = 70;

  void push_variation(int node) { stack_.insert(stack_.end(), {kClose, node, kOpen}); }

  void run() {
    while (!stack_.empty()) {
      const int step = stack_.back();
      stack_.pop_back();
      if (step == kOpen || step == kClose)
        text_ += step == kOpen ? '(' : ')';
      else
        write(nodes_[static_cast<std::size_t>(step)]);
    }
  }

  void write(const SgfNode& node) {
    if (text_.size() - line_start_ > kLineLength) {
      text_ += '\n';
      line_start_ = text_.size();
    }
    text_ += ';';
    for (const SgfProperty& property : node.properties) {
      text_ += property.name;
      for (const std::string& value : property.values) text_.append("[").append(value).append("]");
    }
    if (node.children.size() == 1)
      stack_.push_back(node.children[0]);
    else
      std::for_each(node.children.rbegin(), node.children.rend(),
                    [this](int child) { push_variation(child); });
  }

  const std::vector<SgfNode>& nodes_;
  std::vector<int> stack_;
  std::string text_;
  std::size_t line_start_ = 0;
};

std::string unescaped(std::string_view raw, bool keep_lines) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const bool escaped = raw[i] == '\\' && i + 1 < raw.size();
    if (escaped) ++i;
    if (raw[i] == '\n' || raw[i] == '\r') {
      const char pair = raw[i] == '\n' ? '\r' : '\n';
      if (i + 1 < raw.size() && raw[i + 1] == pair) ++i;
      if (!escaped) text += keep_lines ? '\n' : ' ';
    } else {
      text += is_space(raw[i]) ? ' ' : raw[i];
    }
  }
  return text;
}

}  // namespace

const SgfProperty* SgfNode::find(std::string_view name) const {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const SgfProperty& p) { return p.name == name; });
  return found == properties.end() ? nullptr : &*found;
}

SgfCollection parse_sgf_collection(std::string_view bytes, const std::string& source) {
  SgfCollection collection = Parser(sgf_to_utf8(bytes), source).parse();
  if (collection.bare_root) collection = Parser(sgf_to_utf8(bytes, "CP932"), source).parse();
  name_utf8(collection);
  return collection;
}

std::vector<int> main_line(const SgfCollection& collection, std::size_t game) {
  std::vector<int> line = {collection.roots.at(game)};
  for (;;) {
    const SgfNode& last = collection.nodes[static_cast<std::size_t>(line.back())];
    if (last.children.empty()) return line;
    line.push_back(last.children[0]);
  }
}

std::string write_sgf_collection(const SgfCollection& collection) {
  return Writer(collection).text();
}

std::string sgf_text(std::string_view raw) { return unescaped(raw, true); }
std::string sgf_simple_text(std::string_view raw) { return unescaped(raw, false); }

std::string sgf_escaped(std::string_view text) {
  std::string raw;
  for (const char c : text) {
    if (c == ']' || c == '\\') raw += '\\';
    raw += c;
  }
  return raw;
}

}  // namespace tengen::envs::go
