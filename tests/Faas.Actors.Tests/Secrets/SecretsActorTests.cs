using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Pattern;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
using Faas.Actors.Lending;
using Faas.Actors.Secrets;
using Faas.Actors.Serialization;
using Faas.Actors.Tests.Scripts.Registry;
using Xunit;

namespace Faas.Actors.Tests.Secrets;

/// <summary>The secrets on a journal that fails when a test says so.</summary>
[Collection(nameof(FailingJournal))]
public sealed class SecretsActorTests : TestKit
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly StoredSecret s_secret = new(
        "TOKEN", "0123456789abcdef", "c2VhbA==", ["math"], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));

    private static readonly LoanBook s_loans = new(SoleAuthority.Instance, TimeProvider.System);
    private readonly LiveSecrets _live = new();

    public SecretsActorTests()
        : base(Setup) => FailingJournal.Fails = "";

    private static ActorSystemSetup Setup => ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(
        FailingJournal.Settings))).And(SerializationSetup.Create(
            system => [SerializerDetails.Create("faas", new FaasSerializer(system), [.. FaasSerializer.Types])]));

    [Fact]
    public async Task A_secret_is_in_force_when_its_writer_is_told_and_out_of_force_when_its_deleter_is()
    {
        var secrets = Sys.ActorOf(Props.Create(() => new SecretsActor(_live, s_loans)));
        Assert.True(Assert.IsType<SecretStored>(await AskAsync(secrets, new WriteSecret(s_secret, 5))).IsNew);
        Assert.Equal(s_secret.Sealed, _live.ByName["TOKEN"].Sealed);
        Assert.False(Assert.IsType<SecretStored>(await AskAsync(secrets, new WriteSecret(s_secret with { Sealed = "b3RoZXI=" }, 5))).IsNew);
        Assert.Equal("b3RoZXI=", _live.ByName["TOKEN"].Sealed);
        Assert.IsType<SecretUnknown>(await AskAsync(secrets, new ResealSecret(s_secret, "k", "YW5ldw==")));
        Assert.IsType<SecretStored>(await AskAsync(secrets, new ResealSecret(_live.ByName["TOKEN"], "k", "YW5ldw==")));
        Assert.Equal(("k", "YW5ldw=="), (_live.ByName["TOKEN"].KeyId, _live.ByName["TOKEN"].Sealed));
        Assert.IsType<SecretNotStored>(await AskAsync(secrets, new WriteSecret(s_secret with { Name = "B" }, 1)));

        Assert.IsType<SecretEnded>(await AskAsync(secrets, new DeleteSecret("TOKEN", DateTimeOffset.UnixEpoch)));
        Assert.Empty(_live.ByName);
        Assert.IsType<SecretUnknown>(await AskAsync(secrets, new DeleteSecret("TOKEN", DateTimeOffset.UnixEpoch)));
    }

    [Fact]
    public async Task Secrets_are_read_again_at_a_start()
    {
        var first = Sys.ActorOf(Props.Create(() => new SecretsActor(_live, s_loans)));
        await AskAsync(first, new WriteSecret(s_secret, 5));
        await AskAsync(first, new WriteSecret(s_secret with { Name = "GONE" }, 5));
        await AskAsync(first, new DeleteSecret("GONE", DateTimeOffset.UnixEpoch));
        await first.GracefulStop(s_patience);

        var read = new LiveSecrets();
        await AskAsync(Sys.ActorOf(Props.Create(() => new SecretsActor(read, s_loans))), GetSecrets.Instance);

        var secret = Assert.Single(read.ByName.Values);
        Assert.Equal(s_secret with { Paths = secret.Paths }, secret);
        Assert.Equal(s_secret.Paths, secret.Paths);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("reject")]
    public async Task A_journal_that_fails_is_told_and_the_secrets_come_back_by_themselves(string what)
    {
        var secrets = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(
            Props.Create(() => new SecretsActor(_live, s_loans)),
            "it",
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMilliseconds(50),
            0.2,
            -1)));
        await AskAsync(secrets, new WriteSecret(s_secret, 5));
        FailingJournal.Fails = what;
        Assert.IsType<SecretStoreFailed>(await AskAsync(secrets, new WriteSecret(s_secret with { Name = "OTHER" }, 5)));
        Assert.Equal("TOKEN", Assert.Single(_live.ByName.Keys));

        FailingJournal.Fails = "";
        await AwaitAssertAsync(
            async () => Assert.IsType<SecretEnded>(
                await secrets.Ask<ISecretReply>(new DeleteSecret("TOKEN", DateTimeOffset.UnixEpoch), TimeSpan.FromMilliseconds(500))),
            s_patience);
    }

    private static Task<ISecretReply> AskAsync(IActorRef secrets, ISecretRequest request) => secrets.Ask<ISecretReply>(request, s_patience);
}
