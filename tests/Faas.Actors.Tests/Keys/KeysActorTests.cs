using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Pattern;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
using Faas.Actors.Lending;
using Faas.Actors.Keys;
using Faas.Actors.Serialization;
using Faas.Actors.Tests.Scripts.Registry;
using Xunit;

namespace Faas.Actors.Tests.Keys;

/// <summary>The keys on a journal that fails when a test says so.</summary>
[Collection(nameof(FailingJournal))]
public sealed class KeysActorTests : TestKit
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly StoredKey s_key = new(
        "ci", ["write"], new string('a', 64), ["math"], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(9), new KeyRate(0.5, 2));

    private static readonly LoanBook s_loans = new(SoleAuthority.Instance, TimeProvider.System);
    private readonly LiveKeys _live = new();

    public KeysActorTests()
        : base(Setup) => FailingJournal.Fails = "";

    private static ActorSystemSetup Setup => ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(
        FailingJournal.Settings))).And(SerializationSetup.Create(
            system => [SerializerDetails.Create("faas", new FaasSerializer(system), [.. FaasSerializer.Types])]));

    [Fact]
    public async Task A_key_is_in_force_when_its_maker_is_told_and_out_of_force_when_its_revoker_is()
    {
        var keys = Sys.ActorOf(Props.Create(() => new KeysActor(_live, s_loans)));
        Assert.IsType<KeyStored>(await AskAsync(keys, new CreateKey(s_key)));
        Assert.Equal("ci", Assert.Single(_live.Current!.Keys.Values).Name);
        Assert.IsType<KeyNotCreated>(await AskAsync(keys, new CreateKey(s_key)));

        Assert.IsType<KeyEnded>(await AskAsync(keys, new RevokeKey("ci", DateTimeOffset.UnixEpoch)));
        Assert.Empty(_live.Current!.Keys.Values);
        Assert.IsType<KeyUnknown>(await AskAsync(keys, new RevokeKey("ci", DateTimeOffset.UnixEpoch)));
    }

    [Fact]
    public async Task Keys_are_read_again_at_a_start()
    {
        var first = Sys.ActorOf(Props.Create(() => new KeysActor(_live, s_loans)));
        await AskAsync(first, new CreateKey(s_key));
        await AskAsync(first, new CreateKey(s_key with { Name = "gone" }));
        await AskAsync(first, new RevokeKey("gone", DateTimeOffset.UnixEpoch));
        await first.GracefulStop(s_patience);

        var read = new LiveKeys();
        await AskAsync(Sys.ActorOf(Props.Create(() => new KeysActor(read, s_loans))), GetKeys.Instance);

        var key = Assert.Single(read.Current!.Keys.Values);
        Assert.Equal((s_key.Name, s_key.SecretHash, s_key.ExpiresAt, s_key.Rate), (key.Name, key.SecretHash, key.ExpiresAt, key.Rate));
        Assert.Equal((s_key.Scopes, s_key.Paths), (key.Scopes, key.Paths));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("reject")]
    public async Task A_journal_that_fails_is_told_and_the_keys_come_back_by_themselves(string what)
    {
        var keys = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(
            Props.Create(() => new KeysActor(_live, s_loans)),
            "keys",
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMilliseconds(50),
            0.2,
            -1)));
        await AskAsync(keys, new CreateKey(s_key));
        FailingJournal.Fails = what;
        Assert.IsType<KeyStoreFailed>(await AskAsync(keys, new CreateKey(s_key with { Name = "other" })));
        Assert.Equal("ci", Assert.Single(_live.Current!.Keys.Values).Name);

        FailingJournal.Fails = "";
        await AwaitAssertAsync(
            async () => Assert.IsType<KeyEnded>(
                await keys.Ask<IKeyReply>(new RevokeKey("ci", DateTimeOffset.UnixEpoch), TimeSpan.FromMilliseconds(500))),
            s_patience);
    }

    private static Task<IKeyReply> AskAsync(IActorRef keys, IKeyRequest request) => keys.Ask<IKeyReply>(request, s_patience);
}
