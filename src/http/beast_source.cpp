// Beast's own sources, compiled once (BOOST_BEAST_SEPARATE_COMPILATION): every other file includes declarations alone.
#include <boost/beast/src.hpp>
