using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Storage;
using Faas.Actors.Telemetry;
using Faas.Actors.Tests.Telemetry;
using Xunit;

namespace Faas.Actors.Tests.Storage;

/// <summary>What is counted of callbacks.</summary>
public sealed class MeasuredCallbacksTests
{
    [Fact]
    public async Task An_attempt_counts_by_the_state_of_the_callback_after_it_and_once_it_is_noted()
    {
        using var measured = new Measured();
        var callbacks = new MeasuredCallbacks(new Noting("a", "b"), new KeptMeters(measured));

        await NoteAsync(callbacks, "a", CallbackState.Pending);
        await NoteAsync(callbacks, "a", CallbackState.Delivered);
        await NoteAsync(callbacks, "b", CallbackState.Dead);
        await NoteAsync(callbacks, "another server's", CallbackState.Dead);

        Assert.Equal(
            [
                ("faas.kept.callbacks{faas.state=dead}", 1), ("faas.kept.callbacks{faas.state=delivered}", 1),
                ("faas.kept.callbacks{faas.state=pending}", 1),
            ],
            measured.Series.Select(series => (series, (int)measured[series].Sum())));
    }

    private static Task<bool> NoteAsync(MeasuredCallbacks callbacks, string id, CallbackState state) =>
        callbacks.NoteAsync(id, 1, new CallbackNote(state, new CallbackAnswer(null, "It does not answer."), TimeSpan.Zero), default);

    private sealed class Noting(params string[] ids) : ICallbacks
    {
        public Task<CallbackTurn> TakeAsync(TimeSpan lease, CancellationToken cancellation) => Task.FromResult(default(CallbackTurn));

        public Task<bool> NoteAsync(string id, int attempt, CallbackNote note, CancellationToken cancellation) =>
            Task.FromResult(ids.Contains(id));

        public Task<CallbackRenewal> SendAgainAsync(string id, CancellationToken cancellation) => Task.FromResult(CallbackRenewal.None);
    }
}
