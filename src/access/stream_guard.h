#pragma once

// The guard of what is read for long. A route's guard lets a request in once; a stream of news may outlive the session
// or the token that opened it, or its user. While such a stream runs it asks again whether its reader still may: at
// each piece, after each change of who may what (Access::watch), and with each upkeep, which is how the end of a
// session by time is met. A reader who may no longer gets one last event, and the stream ends:
//
//   event: signed_out
//   data: {"error":{"code":"not_signed_in",...}}
//
// Thread-safety: as http::Stream's. `access` must outlive the stream.

#include "access/access.h"
#include "http/message.h"

namespace behoud::access {

// `stream` is of the type text/event-stream; `right` is its route's.
http::Stream while_allowed(Access& access, const http::Request& request, http::Right right, http::Stream stream);

}  // namespace behoud::access
