// Asio's own sources, compiled once (BOOST_ASIO_SEPARATE_COMPILATION): every other file includes declarations alone.
#include <boost/asio/impl/src.hpp>
