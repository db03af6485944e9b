using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

public sealed class RecentLocksTests
{
    private static readonly ScriptCode s_source = ScriptCode.Of(Language.JavaScript, "import 'npm:a'");

    [Fact]
    public void A_lock_is_kept_for_an_hour_and_then_chosen_anew()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var locks = new RecentLocks(time);
        Assert.Null(locks.On(s_source).Lock);
        locks.Keep(s_source, s_source.With("a 1"));
        Assert.Equal(s_source.With("a 1"), locks.On(s_source));
        Assert.Null(locks.On(s_source with { Dependencies = Dependencies.Of(["b"]) }).Lock);

        time.Now += RecentLocks.Age - TimeSpan.FromSeconds(1);
        locks.Keep(s_source, locks.On(s_source));
        time.Now += TimeSpan.FromSeconds(1);
        Assert.Null(locks.On(s_source).Lock);
        locks.Keep(s_source, s_source.With("a 2"));
        Assert.Equal("a 2", locks.On(s_source).Lock);
    }

    [Fact]
    public void Code_without_libraries_has_no_lock()
    {
        var plain = ScriptCode.Of(Language.JavaScript, "return 1");
        var locks = new RecentLocks(TimeProvider.System);
        locks.Keep(plain, plain);
        Assert.Equal(plain, locks.On(plain));
    }
}
