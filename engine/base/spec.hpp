// One-line descriptions of things with options, as users type them:
//   "go:size=9,komi=7.5"   "resnet:blocks=6,channels=96"   "connect_four"
// Grammar: NAME [":" KEY "=" VALUE {"," KEY "=" VALUE}]. Games, nets and players are all named so.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace tengen {

/// A parsed description. Each getter marks its key as known; finish() then rejects the others.
/// Every error is a std::invalid_argument that names the description, the key and what is allowed.
class Spec {
 public:
  explicit Spec(std::string_view text);

  const std::string& name() const { return name_; }
  bool has(const std::string& key) const { return values_.count(key) > 0; }

  int get_int(const std::string& key, int fallback, int low, int high);
  double get_double(const std::string& key, double fallback, double low, double high);
  bool get_bool(const std::string& key, bool fallback);
  std::string get_string(const std::string& key, const std::string& fallback);
  /// The value must be one of `allowed`, written "a|b|c".
  std::string get_choice(const std::string& key, const std::string& fallback,
                         std::string_view allowed);

  /// Throws if a key was given that no getter asked for.
  void finish() const;

 private:
  const std::string* find(const std::string& key);

  std::string text_, name_;
  std::map<std::string, std::string> values_;
  std::set<std::string> known_;
};

}  // namespace tengen
