using System.Threading.Channels;

namespace Faas.Cli.Commands.Runs;

/// <summary>
/// Tells when files change. Theory of operation: editors write a file in place, or put another one in its place, so the folders are watched
/// and names are compared. One save is several events, so a change is told once nothing more has come for a moment.
/// </summary>
internal sealed class FileWatch : IDisposable
{
    private static readonly TimeSpan s_calm = TimeSpan.FromMilliseconds(50);
    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();
    private readonly List<FileSystemWatcher> _watchers = [];

    /// <summary>Begins to watch.</summary>
    public FileWatch(IEnumerable<string> files)
    {
        foreach (var folder in files.Select(Path.GetFullPath).GroupBy(file => Path.GetDirectoryName(file)!))
        {
            if (!Directory.Exists(folder.Key))
            {
                continue; // that there is no such file is said when it is read
            }

            var watcher = new FileSystemWatcher(folder.Key)
            {
                NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.CreationTime | NotifyFilters.Size,
            };
            watcher.Changed += (_, _) => _changes.Writer.TryWrite(true);
            watcher.Created += (_, _) => _changes.Writer.TryWrite(true);
            watcher.Renamed += (_, _) => _changes.Writer.TryWrite(true);
            foreach (var name in folder.Select(file => Path.GetFileName(file)))
            {
                watcher.Filters.Add(name);
            }

            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
    }

    /// <summary>Returns once a file has changed.</summary>
    public async Task ChangedAsync(CancellationToken cancellation)
    {
        await _changes.Reader.WaitToReadAsync(cancellation);
        while (_changes.Reader.TryRead(out _))
        {
            while (_changes.Reader.TryRead(out _))
            {
            }

            await Task.Delay(s_calm, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watchers.ForEach(watcher => watcher.Dispose());
}
