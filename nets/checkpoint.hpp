// A net in a safetensors file: every parameter and buffer by its path name, and string metadata
// that says how to build the net again.
//
// Any module can be saved and loaded into one of the same architecture. For a policy/value net the
// metadata always hold "net" (canonical spec), "height", "width", "channels" and "actions";
// callers add others, such as "game" or "step". Reading is strict: a missing or extra tensor, a
// wrong shape or dtype is a tengen::Error that names the file, the tensor, the expected and the
// found.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "nets/policy_value_net.hpp"

namespace tengen::nets {

using Metadata = std::map<std::string, std::string>;

/// The metadata that every net's file has, without the callers'.
Metadata net_metadata(const PolicyValueNet& net);

/// Writes `module`, replacing a file of that name only once the new one is complete.
void save_module(const std::string& path, const Module& module, const Metadata& metadata);

/// Overwrites the weights of `module` with those of the file and returns its metadata. On an error
/// the module is unchanged.
Metadata load_module(const std::string& path, Module& module);

/// save_module(), with the metadata above; `extra` is added and may not name one of their keys.
void save_net(const std::string& path, const PolicyValueNet& net, const Metadata& extra = {});

struct LoadedNet {
  std::unique_ptr<PolicyValueNet> net;  // in eval mode
  Metadata metadata;
};

/// Builds the net that the file describes and fills it: a file of Tengen's own or Leela Zero's text
/// weights (nets/foreign/leela_zero.hpp). An Error names the format of other programs' files.
LoadedNet load_net_file(const std::string& path);

}  // namespace tengen::nets
