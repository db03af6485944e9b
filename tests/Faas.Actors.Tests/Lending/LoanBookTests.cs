using Faas.Actors.Lending;
using Xunit;

namespace Faas.Actors.Tests.Lending;

public sealed class LoanBookTests
{
    private readonly SettableAuthority _authority = new();
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly OtherNode _first = new("first"), _second = new("second");
    private readonly LoanBook _loans;

    public LoanBookTests() => _loans = new LoanBook(_authority, _time);

    [Fact]
    public void A_loan_is_open_until_it_is_returned_or_over()
    {
        Assert.Equal(LoanBook.Short, _loans.LendShort("p", _first));
        _time.Now += LoanBook.Short / 2;
        _loans.LendShort("p", _second);
        Assert.Equal((2, LoanBook.Short), (_loans.Open("p").Borrowers.Count, _loans.Open("p").Left));

        _time.Now += LoanBook.Short / 2;
        Assert.Equal([_second], _loans.Open("p").Borrowers);
        _loans.Return("p", _second);
        Assert.Empty(_loans.Open("p").Borrowers);
        Assert.Empty(_loans.Open("q").Borrowers);
    }

    [Fact]
    public void A_short_loan_never_outlasts_the_right_to_speak_for_the_state()
    {
        _authority.Lasts = LoanBook.Short / 4;
        Assert.Equal(LoanBook.Short / 4, _loans.LendShort("p", _first));

        _authority.Lasts = TimeSpan.Zero;
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (_loans.LendShort("p", _second), _loans.LendLong("p", _second)));
        Assert.False(_loans.MaySpeak("p"));
        Assert.Equal([_first], _loans.Open("p").Borrowers);
    }

    [Fact]
    public async Task No_loan_is_lost_while_another_thread_forgets_those_that_have_ended()
    {
        var lost = 0;
        using var end = new CancellationTokenSource();
        var forgetting = Task.Run(
            () =>
            {
                while (!end.IsCancellationRequested)
                {
                    _loans.ForgetEnded();
                }
            },
            CancellationToken.None);
        for (var number = 0; number < 20_000; number++)
        {
            _loans.LendShort("p", _first);
            lost += _loans.Open("p").Borrowers.Count == 1 ? 0 : 1;
            _loans.Return("p", _first);
        }

        await end.CancelAsync();
        await forgetting;
        Assert.Equal(0, lost);
    }

    [Fact]
    public void What_is_lent_outlives_its_actor()
    {
        _loans.LendShort("p", _first);
        _loans.Close("p");
        Assert.Equal([_first], _loans.Open("p").Borrowers);
    }

    [Fact]
    public void The_longest_loan_of_some_states_is_known_and_those_that_have_ended_are_forgotten()
    {
        _loans.LendShort("p", _first);
        _loans.LendLong("/keys", _first);
        _time.Now += LoanBook.Short / 2;
        _loans.LendShort("q", _first);

        Assert.Equal(LoanBook.Short / 2, _loans.LongestOf(id => id == "p"));
        Assert.Equal(LoanBook.Short, _loans.LongestOf(id => id != "/keys"));
        _time.Now += LoanBook.Short;
        Assert.Equal(TimeSpan.Zero, _loans.LongestOf(id => id != "/keys"));
        _loans.ForgetEnded();
        Assert.Equal([_first], _loans.Open("/keys").Borrowers);
    }
}
