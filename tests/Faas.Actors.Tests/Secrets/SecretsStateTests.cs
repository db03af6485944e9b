using Faas.Actors.Secrets;
using Xunit;

namespace Faas.Actors.Tests.Secrets;

public sealed class SecretsStateTests
{
    private static readonly StoredSecret s_secret = new("TOKEN", "k1", "c2VhbA==", [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_secret_that_is_replaced_keeps_the_time_of_its_making()
    {
        var later = DateTimeOffset.UnixEpoch.AddDays(1);
        var made = Of(s_secret);
        var replaced = made.Apply(
            made.Decide(new WriteSecret(s_secret with { Sealed = "b3RoZXI=", CreatedAt = later, UpdatedAt = later }, 1)).Event!);

        var secret = Assert.Single(replaced.Secrets.Values);
        Assert.Equal(("b3RoZXI=", DateTimeOffset.UnixEpoch, later), (secret.Sealed, secret.CreatedAt, secret.UpdatedAt));
    }

    [Fact]
    public void There_is_a_most_of_secrets_which_stops_no_replacement()
    {
        var full = Of(s_secret);
        Assert.Equal(
            "There are 1 secrets; allowed are 1 (faas.secrets.max).",
            full.Decide(new WriteSecret(s_secret with { Name = "OTHER" }, 1)).Refusal!.Why);
        Assert.NotNull(full.Decide(new WriteSecret(s_secret with { Sealed = "b3RoZXI=" }, 1)).Event);
    }

    [Fact]
    public void What_was_encrypted_anew_replaces_nothing_that_was_written_meanwhile()
    {
        var state = Of(s_secret);
        var resealed = state.Decide(new ResealSecret(s_secret, "k2", "YW5ldw=="))!;
        Assert.Equal(("k2", "YW5ldw==", s_secret.UpdatedAt), (resealed.Secret.KeyId, resealed.Secret.Sealed, resealed.Secret.UpdatedAt));

        Assert.Null(state.Decide(new ResealSecret(s_secret with { Sealed = "YmVmb3Jl" }, "k2", "YW5ldw==")));
        Assert.Null(SecretsState.Empty.Decide(new ResealSecret(s_secret, "k2", "YW5ldw==")));
    }

    [Fact]
    public void A_secret_is_deleted_once()
    {
        var state = Of(s_secret);
        var deleted = state.Apply(state.Decide(new DeleteSecret("TOKEN", DateTimeOffset.UnixEpoch))!);
        Assert.Empty(deleted.Secrets);
        Assert.Null(deleted.Decide(new DeleteSecret("TOKEN", DateTimeOffset.UnixEpoch)));
    }

    [Theory]
    [InlineData("math", true)]
    [InlineData("math/add", true)]
    [InlineData("mathematics", false)]
    [InlineData("jobs/nightly/a", true)]
    [InlineData("jobs", false)]
    public void A_prefix_names_whole_segments(string path, bool isFor) =>
        Assert.Equal(isFor, (s_secret with { Paths = ["math", "jobs/nightly"] }).IsFor(path));

    private static SecretsState Of(StoredSecret secret) =>
        SecretsState.Empty.Apply(SecretsState.Empty.Decide(new WriteSecret(secret, 10)).Event!);
}
