using System.Text;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases.Kept;
using Xunit;

namespace Faas.Actors.Tests.UseCases.Kept;

/// <summary>What a kept run prints goes to the store while it is executed; the test is the store.</summary>
public sealed class KeptOutputTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly List<long> _stored = [];
    private TaskCompletionSource<bool> _answer = new();
    private int _calls;

    [Fact]
    public async Task Lines_are_stored_one_call_at_a_time_and_the_rest_with_the_end()
    {
        var output = new KeptOutput(1000, StoreAsync);
        Print(output, "one\ntwo\n");
        await CalledAsync(1);
        Print(output, "three\n");
        await Task.Yield();
        Assert.Equal((1, "1 2"), (_calls, Stored)); // the first call is not answered yet
        Answer();
        await CalledAsync(2);
        Assert.Equal("1 2 3", Stored);
        Print(output, "four\nfi");
        var ending = output.EndAsync();
        Assert.False(ending.IsCompleted);
        Answer();
        var rest = await ending;
        Assert.Equal((5L, "4 5", 2), (rest.Lines!.Value, Numbers(rest.Pieces), _calls));
        Print(output, "late\n");
        Assert.Equal(5, (await output.EndAsync()).Lines);
    }

    [Fact]
    public async Task What_the_store_does_not_take_is_bounded_and_offered_again()
    {
        var output = new KeptOutput(59, StoreAsync);
        Print(output, "one\n");
        await CalledAsync(1);
        Print(output, "two\nthree\nfour\n");
        Answer(new StoreException("It is away."));
        await CalledAsync(2);
        Assert.Equal("1 3 4", Stored); // the first two have made room
        Answer();
        var rest = await output.EndAsync();
        Assert.Equal((4L, 0), (rest.Lines!.Value, rest.Pieces.Count));
    }

    [Fact]
    public async Task A_run_that_prints_nothing_calls_nothing()
    {
        var output = new KeptOutput(1000, StoreAsync);
        Assert.Equal((0L, 0), ((await output.EndAsync()).Lines!.Value, _calls));
        var (quick, apart) = (new KeptOutput(1000, StoreAsync), new KeptOutput(1000, store: null));
        Print(quick, "quick\n");
        Print(apart, "kept\n");
        Assert.Equal(("1", "1", 0), (Numbers((await quick.EndAsync()).Pieces), Numbers((await apart.EndAsync()).Pieces), _calls));
    }

    private string Stored => string.Join(' ', _stored);

    private static string Numbers(IEnumerable<KeptPiece> pieces) => string.Join(' ', pieces.SelectMany(Of));

    private static IEnumerable<long> Of(KeptPiece piece) => piece.Lines.Select((_, at) => piece.First + at);

    private static void Print(KeptOutput output, string text) => output.Append(OutputStream.Stdout, Encoding.UTF8.GetBytes(text));

    private Task<bool> StoreAsync(IReadOnlyList<KeptPiece> pieces)
    {
        _stored.AddRange(pieces.SelectMany(Of));
        Interlocked.Increment(ref _calls);
        return Volatile.Read(ref _answer).Task;
    }

    private void Answer(Exception? failure = null)
    {
        var answered = Interlocked.Exchange(ref _answer, new TaskCompletionSource<bool>());
        if (failure is null)
        {
            answered.SetResult(true);
        }
        else
        {
            answered.SetException(failure);
        }
    }

    private Task CalledAsync(int calls) =>
        Eventually.HoldsAsync(() => Volatile.Read(ref _calls) == calls, s_patience, () => $"{_calls} calls");
}
