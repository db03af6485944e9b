using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

public sealed class LockedCodeTests
{
    private static readonly ScriptCode s_source = ScriptCode.Of(Language.JavaScript, "import 'npm:a'");

    [Fact]
    public void Code_with_another_lock_is_other_code_of_the_same_source()
    {
        var (one, other) = (s_source.With("a 1"), s_source.With("a 2"));
        Assert.Equal(3, new HashSet<string> { s_source.Hash, one.Hash, other.Hash }.Count);
        Assert.Equal(one, s_source.With("a 1"));
        Assert.Equal([s_source.Hash, s_source.Hash], [one.SourceHash, other.SourceHash]);
        Assert.Equal(other, one.With("a 2"));
    }

    [Fact]
    public void What_the_upload_names_is_part_of_the_hash()
    {
        var named = s_source with { Dependencies = Dependencies.Of(["b"]) };
        Assert.NotEqual(s_source.With("lock").Hash, named.With("lock").Hash);
        Assert.Equal(named.With("lock").Hash, (s_source with { Dependencies = Dependencies.Of(["b", "b"]) }).With("lock").Hash);
    }
}
