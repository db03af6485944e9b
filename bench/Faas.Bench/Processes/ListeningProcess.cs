using System.Diagnostics;
using System.Text;

namespace Faas.Bench.Processes;

/// <summary>A server as a process of its own, in a group of its own, which says on stdout "… listens on URL" when it does.</summary>
internal sealed class ListeningProcess : IDisposable
{
    private const string Banner = " listens on ";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ListeningProcess(Process process, UsageGroup group) => (_process, Group) = (process, group);

    /// <summary>What it and its children use.</summary>
    public UsageGroup Group { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts it and returns when it listens. Throws as <see cref="WaitUntilItListens"/>.</summary>
    public static ListeningProcess Start(string group, IReadOnlyList<string> command, string folder, IReadOnlyDictionary<string, string> environment) =>
        Begun.Await(Begin(group, command, folder, environment), begun => begun.WaitUntilItListens());

    /// <summary>Starts it. To be called by the bench's first thread.</summary>
    public static ListeningProcess Begin(string group, IReadOnlyList<string> command, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var usage = new UsageGroup(group);
        // A shell that enters the group and becomes the command, which asks to be ended when the thread that started it,
        // the bench's first, is no more: a bench that is killed leaves no server behind. In a session of its own, since
        // it is for the bench to end it, whatever key is pressed.
        var start = new ProcessStartInfo("/usr/bin/setsid", ["/bin/sh", "-c", "echo $$ > \"$1\" && shift && exec setpriv --pdeathsig TERM -- \"$@\"", "sh", usage.ProcsFile, .. command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var started = new ListeningProcess(Process.Start(start)!, usage);
        usage.Server = started.Pid;
        started.Read();
        return started;
    }

    /// <summary>Throws <see cref="BenchException"/> with what it said when it does not.</summary>
    public void WaitUntilItListens()
    {
        var ended = _process.WaitForExitAsync();
        if (Task.WaitAny([_address.Task, ended], s_patience) != 0)
        {
            var how = ended.IsCompleted ? $"ended with {_process.ExitCode}" : $"did not listen within {s_patience.TotalSeconds:0} s";
            throw new BenchException($"{_process.StartInfo.ArgumentList[^1]} {how}: {Log}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Linux.Terminate(Pid);
            if (!_process.WaitForExit(s_patience))
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }

        _process.Dispose();
        Group.Dispose();
    }

    private string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString().Trim();
            }
        }
    }

    private void Read()
    {
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        var at = line.IndexOf(Banner, StringComparison.Ordinal);
        if (at >= 0)
        {
            _address.TrySetResult(new Uri(line[(at + Banner.Length)..].Trim()));
        }
    }
}
