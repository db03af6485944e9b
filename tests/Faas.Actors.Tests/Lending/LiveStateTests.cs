using System.Collections.Immutable;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Xunit;

namespace Faas.Actors.Tests.Lending;

public sealed class LiveStateTests
{
    private static readonly KeysState s_one = KeysState.Of([new StoredKey("one", [], "", [], default)]);
    private readonly SettableAuthority _authority = new() { Lasts = TimeSpan.Zero };
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly LiveKeys _live;

    public LiveStateTests() => _live = new LiveKeys(_authority, _time);

    [Fact]
    public void A_server_that_has_its_store_for_itself_knows_its_keys_from_the_start()
    {
        Assert.Empty(new LiveKeys().Current!.Keys);
        Assert.Null(_live.Current);
    }

    [Fact]
    public void A_loan_counts_from_the_moment_when_the_node_asked()
    {
        var asked = _time.GetTimestamp();
        _time.Now += TimeSpan.FromSeconds(4);
        Borrow(1, TimeSpan.FromSeconds(10), asked, s_one);

        _time.Now += TimeSpan.FromSeconds(5.9);
        Assert.Same(s_one.Keys, _live.Current!.Keys);
        _time.Now += TimeSpan.FromSeconds(0.1);
        Assert.Null(_live.Current);
    }

    [Fact]
    public void A_revision_that_is_sent_is_served_as_long_as_the_one_before()
    {
        Borrow(1, TimeSpan.FromSeconds(10), _time.GetTimestamp(), KeysState.Empty);
        _time.Now += TimeSpan.FromSeconds(9);
        Borrow(2, TimeSpan.Zero, 0, s_one);

        Assert.Equal((s_one, 2), (_live.Current, _live.Borrowed));
        _time.Now += TimeSpan.FromSeconds(1);
        Assert.Null(_live.Current);
    }

    [Fact]
    public void A_longer_loan_of_a_known_revision_needs_no_state()
    {
        Borrow(1, TimeSpan.FromSeconds(10), _time.GetTimestamp(), s_one);
        _time.Now += TimeSpan.FromSeconds(9);
        Borrow(1, TimeSpan.FromSeconds(10), _time.GetTimestamp(), null);
        _time.Now += TimeSpan.FromSeconds(9);
        Assert.Same(s_one, _live.Current);

        Borrow(2, TimeSpan.FromSeconds(10), _time.GetTimestamp(), null);
        Assert.Equal((s_one, 1), (_live.Current, _live.Borrowed));
    }

    [Fact]
    public void What_its_actor_shows_counts_in_the_term_in_which_it_was_shown()
    {
        _authority.Lasts = TimeSpan.FromSeconds(1);
        _live.Show(s_one, 1);
        Assert.Same(s_one, _live.Current);

        _authority.Lasts = TimeSpan.Zero;
        Assert.Null(_live.Current);
        (_authority.Lasts, _authority.Number) = (TimeSpan.FromSeconds(1), 2);
        Assert.Null(_live.Current);
    }

    [Fact]
    public void When_its_actor_ends_the_node_goes_on_with_what_it_has_shown_as_long_as_with_a_loan()
    {
        _authority.Lasts = TimeSpan.FromSeconds(1);
        _live.Show(s_one, 1);
        _live.Hide();
        _authority.Lasts = TimeSpan.Zero;

        Assert.Equal((s_one, 1), (_live.Current, _live.Borrowed));
        _time.Now += LoanBook.Long;
        Assert.Null(_live.Current);
    }

    [Fact]
    public void What_is_shown_while_it_is_not_certain_that_the_node_may_speak_is_served_when_it_turns_out_that_it_may()
    {
        _live.Show(s_one, 1);
        Assert.Null(_live.Current);
        _authority.Lasts = TimeSpan.FromSeconds(1);
        Assert.Same(s_one, _live.Current);
    }

    [Fact]
    public void A_node_whose_actor_has_shown_a_state_does_not_go_back_to_a_loan()
    {
        Borrow(1, TimeSpan.FromSeconds(10), _time.GetTimestamp(), KeysState.Empty);
        _authority.Lasts = TimeSpan.FromSeconds(1);
        _live.Show(s_one, 2);
        _authority.Lasts = TimeSpan.Zero;
        Assert.Null(_live.Current);
    }

    [Fact]
    public void A_revision_that_was_long_on_its_way_replaces_none_that_came_before_it()
    {
        var asked = _time.GetTimestamp();
        Borrow(6, TimeSpan.FromSeconds(10), asked, s_one);
        Borrow(5, TimeSpan.Zero, 0, KeysState.Empty);
        Borrow(5, TimeSpan.FromSeconds(10), asked - 1, KeysState.Empty);
        Assert.Equal((s_one, 6), (_live.Current, _live.Borrowed));

        Borrow(5, TimeSpan.FromSeconds(10), asked + 1, KeysState.Empty); // the store was restored
        Assert.Equal(5, _live.Borrowed);
    }

    private void Borrow(long revision, TimeSpan loan, long asked, KeysState? state) =>
        _live.Borrow(new KeysLent(revision, loan, asked, state?.Keys.Values.ToImmutableArray()), state);
}
