namespace Faas.Sandbox.Tests.Faults;

/// <summary>Counts a process's descriptors every few milliseconds, until it is asked for the most.</summary>
internal sealed class DescriptorWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);
    private readonly CancellationTokenSource _enough = new();
    private readonly Task<int> _watching;

    /// <summary>Begins.</summary>
    public DescriptorWatch(int pid) => _watching = WatchAsync($"/proc/{pid}/fd", _enough.Token);

    /// <summary>The most that were seen at one time; it counts no further.</summary>
    public async Task<int> MostAsync()
    {
        await _enough.CancelAsync();
        return await _watching;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await MostAsync();
        _enough.Dispose();
    }

    private static async Task<int> WatchAsync(string folder, CancellationToken enough)
    {
        var most = 0;
        while (!enough.IsCancellationRequested)
        {
            most = Math.Max(most, Directory.GetFiles(folder).Length);
            await Task.Delay(s_pause, CancellationToken.None);
        }

        return most;
    }
}
