namespace Faas.Sandbox.Tests.Cluster;

/// <summary>What the check of a history finds, and what it lets pass.</summary>
public sealed class HistoryTests
{
    private readonly History _history = new();

    public HistoryTests()
    {
        _history.Begin(1, 0);
        _history.Acknowledge(1, 10);
        _history.Begin(2, 20);
    }

    [Fact]
    public void During_an_upload_a_call_may_return_either_number()
    {
        _history.Read(1, 21, 25);
        _history.Read(2, 21, 25);
        _history.Acknowledge(2, 30);
        _history.Read(2, 30, 31);
        Assert.Empty(_history.Violations());
    }

    [Fact]
    public void After_an_acknowledgement_the_number_before_is_wrong()
    {
        _history.Acknowledge(2, 30);
        _history.Read(1, 31, 40);
        Assert.Equal("A call that began at 31 returned 1, though 2 had been seen or acknowledged.", Assert.Single(_history.Violations()));
    }

    [Fact]
    public void What_one_caller_has_seen_no_later_caller_misses_even_if_it_was_never_acknowledged()
    {
        _history.Read(2, 21, 25);
        _history.Read(1, 24, 40);
        Assert.Empty(_history.Violations());
        _history.Read(1, 26, 40);
        Assert.Single(_history.Violations());
    }

    [Fact]
    public void A_number_that_comes_before_its_upload_is_wrong()
    {
        _history.Read(2, 11, 19);
        _history.Read(3, 11, 19);
        Assert.Equal(2, _history.Violations().Count);
    }
}
