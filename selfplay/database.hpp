// A thin owner of one SQLite connection: statements with bound values, errors as tengen::Error with
// the file's path. Used by RunDirectory only. Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tengen::selfplay {

class Database;

/// One prepared statement. bind() fills the next "?", step() fetches the next row.
class Statement {
 public:
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::int64_t value);
  Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(double value);
  Statement& bind(std::string_view value);

  /// True if there is a row to read.
  bool step();
  /// Runs a statement that returns no rows, and makes it ready for new values.
  void run();

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  Statement(const Database& database, sqlite3_stmt* statement);

  const Database* database_;
  sqlite3_stmt* statement_;
  int next_parameter_ = 1;
};

class Database {
 public:
  enum class Mode { create, write, read };
  Database(const std::filesystem::path& path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(const char* sql);
  Statement prepare(const char* sql) const;
  /// First column of the first row of a query that has one.
  std::int64_t query_integer(const char* sql) const;

  /// Throws Error with the path and SQLite's message.
  [[noreturn]] void fail() const;

 private:
  const std::filesystem::path path_;
  sqlite3* handle_ = nullptr;
};

/// BEGIN IMMEDIATE ... COMMIT; rolls back unless commit() was called.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace tengen::selfplay
