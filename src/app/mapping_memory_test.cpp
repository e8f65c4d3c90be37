#include "app/mapping_memory.h"

#include <gtest/gtest.h>

#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"
#include "ingest/mapping.h"

namespace behoud::app {
namespace {

using testing::FakeWorld;
using testing::TemporaryFolder;

FakeWorld world_with(std::map<std::string, std::string> variables) {
  FakeWorld world;
  world.variables = std::move(variables);
  return world;
}

TEST(MappingMemory, AMappingMadeOnceIsFoundByTheShapeOfTheFile) {
  const TemporaryFolder folder;
  FakeWorld world = world_with({{"XDG_STATE_HOME", folder.path()}});
  const auto mapping = *ingest::parse_mapping("customer=#1,date=\"Paid, at\",amount=#3");
  MappingMemory first = MappingMemory::load(world.world());
  EXPECT_FALSE(first.find("f1"));
  ASSERT_TRUE(first.remember("f1", mapping));
  EXPECT_EQ(first.path(), folder / "behoud/mappings.json");
  const MappingMemory again = MappingMemory::load(world.world());
  ASSERT_TRUE(again.find("f1"));
  EXPECT_EQ(again.find("f1")->columns, mapping.columns);
  EXPECT_FALSE(again.find("f2"));
}

TEST(MappingMemory, LiesUnderHomeWhereNoStateFolderIsSet) {
  const TemporaryFolder folder;
  FakeWorld world = world_with({{"HOME", folder.path()}, {"XDG_STATE_HOME", "relative"}});
  EXPECT_EQ(MappingMemory::load(world.world()).path(), folder / ".local/state/behoud/mappings.json");
}

TEST(MappingMemory, WithoutAPlaceNothingIsRememberedAndNothingFails) {
  FakeWorld world = world_with({});
  MappingMemory memory = MappingMemory::load(world.world());
  EXPECT_EQ(memory.path(), "");
  EXPECT_TRUE(memory.remember("f1", *ingest::parse_mapping("customer=#1,date=#2,amount=#3")));
}

TEST(MappingMemory, AFileThatIsSomethingElseIsLeftAlone) {
  const TemporaryFolder folder;
  FakeWorld world = world_with({{"XDG_STATE_HOME", folder.path()}});
  MappingMemory first = MappingMemory::load(world.world());
  ASSERT_TRUE(first.remember("f1", *ingest::parse_mapping("customer=#1,date=#2,amount=#3")));
  for (const std::string text : {"not json", "[1]", "{\"f1\":5}", "{\"f1\":\"nonsense\"}"}) {
    ASSERT_TRUE(write_file(first.path(), text));
    MappingMemory memory = MappingMemory::load(world.world());
    EXPECT_FALSE(memory.find("f1")) << text;
  }
  ASSERT_TRUE(write_file(first.path(), "not json"));
  MappingMemory memory = MappingMemory::load(world.world());
  EXPECT_TRUE(memory.remember("f2", *ingest::parse_mapping("customer=#1,date=#2,amount=#3")));
  EXPECT_EQ(*read_file(first.path(), 100), "not json");
}

TEST(MappingMemory, APlaceThatCannotBeWrittenIsAnError) {
  FakeWorld world = world_with({{"XDG_STATE_HOME", "/proc/nowhere"}});
  MappingMemory memory = MappingMemory::load(world.world());
  EXPECT_FALSE(memory.remember("f1", *ingest::parse_mapping("customer=#1,date=#2,amount=#3")));
}

}  // namespace
}  // namespace behoud::app
