using Faas.Actors.Keys;
using Xunit;

namespace Faas.Actors.Tests.Keys;

public class KeysStateTests
{
    private static readonly StoredKey s_key = new("ci", ["write"], new string('a', 64), [], DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_key_is_made_once_and_its_name_is_free_again_when_it_has_ended()
    {
        var made = KeysState.Empty.Apply(KeysState.Empty.Decide(new CreateKey(s_key)).Event!);
        Assert.Equal(s_key, Assert.Single(made.Keys.Values));
        Assert.Equal("There is a key \"ci\" already.", made.Decide(new CreateKey(s_key)).Refusal!.Why);

        var ended = made.Apply(made.Decide(new RevokeKey("ci", DateTimeOffset.UnixEpoch))!);
        Assert.Empty(ended.Keys);
        Assert.NotNull(ended.Decide(new CreateKey(s_key)).Event);
    }

    [Fact]
    public void A_key_that_there_is_not_cannot_end() =>
        Assert.Null(KeysState.Empty.Decide(new RevokeKey("ci", DateTimeOffset.UnixEpoch)));

    [Fact]
    public void There_is_a_most_of_keys()
    {
        var full = Enumerable.Range(0, KeysState.MaxKeys)
            .Aggregate(KeysState.Empty, (state, i) => state.Apply(new KeyCreated(s_key with { Name = $"k{i}" })));
        Assert.Equal("There are 1000 keys; revoke one before another is made.", full.Decide(new CreateKey(s_key)).Refusal!.Why);
    }
}
