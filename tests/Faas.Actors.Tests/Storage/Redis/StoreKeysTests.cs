using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Storage.Redis;

public sealed class StoreKeysTests
{
    private readonly StoreKeys _keys = new("faas:");

    [Fact]
    public void Keys_lie_where_the_official_package_puts_them()
    {
        Assert.Equal("faas:journal:persisted:script-a", _keys.Journal("script-a"));
        Assert.Equal("faas:journal:persisted:script-a:highestSequenceNr", _keys.HighestSequenceNr("script-a"));
        Assert.Equal("faas:snapshot:script-a", _keys.Snapshot("script-a"));
        Assert.Equal("journal:persisted:script-a", new StoreKeys("").Journal("script-a"));
    }

    [Fact]
    public void Code_lies_under_its_language_and_hash()
    {
        Assert.Equal("faas:code:typescript:abc", _keys.Code(Language.TypeScript, "abc"));
    }

    [Fact]
    public void A_pattern_means_its_prefixes_literally()
    {
        Assert.Equal(@"a\*\[b\]:journal:persisted:\?\\*:highestSequenceNr", new StoreKeys("a*[b]:").HighestSequenceNrPattern(@"?\"));
    }
}
