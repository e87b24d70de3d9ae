#include "selfplay/net_evaluator.hpp"
