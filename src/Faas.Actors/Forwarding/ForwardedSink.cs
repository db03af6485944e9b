using System.Threading.Channels;
using Akka.Streams;
using Akka.Streams.Dsl;
using Faas.Actors.Runs.Output;
using Faas.Actors.UseCases;

namespace Faas.Actors.Forwarding;

/// <summary>
/// Takes the output of a run that another node has sent here, and sends it there as that node asks for it. So its caller, when it reads
/// slowly, stalls the script through both nodes. A channel of few pieces stands between the run and the stream.
/// </summary>
/// <param name="streams">Tells the origin where the output comes from.</param>
/// <param name="left">Called when the other node takes no more, although the run goes on: a silent script would never notice.</param>
/// <param name="materializer">Runs the stream.</param>
/// <param name="ended">Cancelled when the other node takes no more, or is gone.</param>
internal sealed class ForwardedSink(
    Action<RunStarted, ISourceRef<BytePiece>> streams, Action left, IMaterializer materializer, CancellationToken ended) : IRunSink
{
    private const int MostPieces = 4;

    private readonly Channel<BytePiece> _pieces = Channel.CreateBounded<BytePiece>(
        new BoundedChannelOptions(MostPieces) { SingleReader = true, SingleWriter = true });

    private volatile bool _hasAll;
    private volatile bool _isLeft;

    /// <inheritdoc/>
    public TimeSpan IdleAfter => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    public CancellationToken Closing => CancellationToken.None;

    /// <summary>Completes when the other node has got all, or takes no more.</summary>
    public Task Sent { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask<bool> StartAsync(RunStarted started)
    {
        var (terminated, source) = ChannelSource.FromReader(_pieces.Reader)
            .Via(ended.AsFlow<BytePiece>())
            .WatchTermination((_, completed) => completed)
            .ToMaterialized(StreamRefs.SourceRef<BytePiece>(), Keep.Both)
            .Run(materializer);
        Sent = EndedAsync(terminated);
        streams(started, await source);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(IReadOnlyList<OutputEvent> events)
    {
        _hasAll = events is [.., OutputEnded];
        foreach (var piece in OutputWriter.Pieces(events))
        {
            while (!_pieces.Writer.TryWrite(piece))
            {
                if (!await _pieces.Writer.WaitToWriteAsync())
                {
                    return false;
                }
            }
        }

        if (_hasAll)
        {
            _pieces.Writer.TryComplete();
        }

        return !_isLeft;
    }

    /// <inheritdoc/>
    public ValueTask<bool> IdleAsync() => ValueTask.FromResult(!_isLeft);

    /// <summary>Nothing more comes.</summary>
    public void Complete() => _pieces.Writer.TryComplete();

    // The other node takes no more when it has all, when its caller has left, and when it is gone.
    private async Task EndedAsync(Task terminated)
    {
        await terminated.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _isLeft = true;
        _pieces.Writer.TryComplete();
        if (!_hasAll)
        {
            left();
        }
    }
}
