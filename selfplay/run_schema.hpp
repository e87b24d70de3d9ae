// The tables of run.db, and the marks by which it is known: SQLite's application_id says that it is
// ours, its user_version which format it has.
#pragma once

#include <filesystem>

#include "selfplay/database.hpp"

namespace tengen::selfplay {

/// Makes all tables in an empty database and marks it.
void create_schema(Database& database);

/// Throws Error, naming `path`, if the database is not a run's or of a newer format than ours.
void check_schema(const Database& database, const std::filesystem::path& path);

}  // namespace tengen::selfplay
