using System.Diagnostics;
using System.Text;

namespace Faas.Testing;

/// <summary>A server as a process of its own, which says on stdout "… listens on URL" once it does.</summary>
public sealed class ServerProcess : IDisposable
{
    private const string Banner = " listens on ";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => (_process, Pid) = (process, process.Id);

    /// <summary>Its process id.</summary>
    public int Pid { get; }

    /// <summary>What it wrote to stdout and stderr.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts a command in a folder, with further environment variables.</summary>
    public static ServerProcess Start(
        IReadOnlyList<string> command, string folder, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true, // no terminal
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The variables of the tests themselves are no settings of a server.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FAAS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(Process.Start(start)!);
        server._process.OutputDataReceived += (_, line) => server.Read(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Read(line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Its address, once it listens. Throws <see cref="ServerStartException"/> when it ends, or after a minute.</summary>
    public async Task<Uri> ListensAsync()
    {
        var ended = _process.WaitForExitAsync();
        await Task.WhenAny(_listening.Task, ended, Task.Delay(Patience.Of(s_patience)));
        return _listening.Task.IsCompleted
            ? await _listening.Task
            : throw new ServerStartException(
                $"The server {(ended.IsCompleted ? $"ended with {_process.ExitCode}" : "does not listen")}:\n{Log}");
    }

    /// <summary>The exit code, once it has ended. Throws <see cref="TimeoutException"/> when that takes more than a minute.</summary>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience.Of(s_patience));
        return _process.ExitCode;
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public void Terminate() => Signals.Send(Pid, Signals.Terminate);

    /// <summary>SIGKILL, and its end.</summary>
    public async Task KillAsync()
    {
        Signals.Send(Pid, Signals.Kill);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and its end; SIGKILL when that takes more than a minute.</summary>
    public void Stop()
    {
        if (!_process.HasExited)
        {
            Terminate();
            _process.WaitForExit(Patience.Of(s_patience));
        }

        Dispose();
    }

    /// <summary>Kills it when it is still there.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Read(string? line)
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
            _listening.TrySetResult(new Uri(line[(at + Banner.Length)..].Trim()));
        }
    }
}

/// <summary>A server did not come up; the message holds what it said.</summary>
public sealed class ServerStartException(string message) : Exception(message);
