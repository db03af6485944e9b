using System.ComponentModel;
using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>systemctl(1) and busctl(1) for the sandboxes' scopes.</summary>
/// <param name="ofSystem">True: ask the system's manager, as root does; false: ask the manager of the server's user.</param>
internal sealed class Systemctl(bool ofSystem)
{
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_lastLook = TimeSpan.FromMilliseconds(32);
    private static readonly long s_page = Environment.SystemPageSize;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string[] s_busVariables = ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];

    /// <summary>The variables by which a program finds the manager of a user; none for the system's manager.</summary>
    public IReadOnlyDictionary<string, string> Bus { get; } = ofSystem
        ? new Dictionary<string, string>()
        : s_busVariables
            .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(variable => variable.Value is not null)
            .ToDictionary(variable => variable.Name, variable => variable.Value!);

    /// <summary>The names of the sandboxes' scopes that the manager knows. Throws <see cref="IOException"/> when systemctl fails.</summary>
    public async Task<IReadOnlyList<string>> ListAsync()
    {
        var listed = await RunAsync("list-units", "--all", "--plain", "--no-legend", "--no-pager", "--type=scope", ScopeName.Pattern);
        return listed.IsSuccess
            ? [.. listed.StandardOutput.Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.Length > 0)]
            : throw new IOException($"systemctl list-units: {listed.StandardError.Trim()}");
    }

    /// <summary>Whether a unit has Delegate=yes; false also when systemctl fails.</summary>
    public async Task<bool> IsDelegatedAsync(string unit)
    {
        try
        {
            return (await RunAsync("show", "--property=Delegate", unit)).StandardOutput.Trim() == "Delegate=yes";
        }
        catch (IOException)
        {
            return false; // This machine has no systemctl.
        }
    }

    /// <summary>
    /// Makes a scope around a process that runs already, and waits until the process is in it. Throws <see cref="IOException"/> when the
    /// manager refuses, or the process is gone.
    /// </summary>
    /// <param name="unit">The scope's name.</param>
    /// <param name="folder">The directory that the scope will have in the unified hierarchy.</param>
    /// <param name="limits">What the scope may use.</param>
    /// <param name="pid">The process.</param>
    public async Task MakeScopeAsync(string unit, string folder, SandboxLimits limits, int pid)
    {
        var made = await RunAsync("busctl", [ofSystem ? "--system" : "--user", .. TransientScope.Call(unit, limits, pid)]);
        if (!made.IsSuccess)
        {
            throw new IOException($"{unit} cannot be made: {made.StandardError.Trim()}");
        }

        var since = Stopwatch.GetTimestamp();
        for (var delay = s_firstLook; !CgroupFolder.Has(folder, pid); delay = delay < s_lastLook ? delay * 2 : delay)
        {
            if (Stopwatch.GetElapsedTime(since) > s_patience || !Directory.Exists($"/proc/{pid}"))
            {
                throw new IOException($"process {pid} did not come into {unit}");
            }

            await Task.Delay(delay);
        }
    }

    /// <summary>
    /// Sets the limits of a scope anew, and waits until the kernel has them. Throws <see cref="IOException"/> when the manager refuses, or
    /// the scope is gone.
    /// </summary>
    /// <param name="unit">The scope's name.</param>
    /// <param name="folder">The scope's directory in the unified hierarchy.</param>
    /// <param name="limits">What the scope may use from now on.</param>
    public async Task SetLimitsAsync(string unit, string folder, SandboxLimits limits)
    {
        var set = await RunAsync("busctl", [ofSystem ? "--system" : "--user", .. TransientScope.Change(unit, limits)]);
        if (!set.IsSuccess)
        {
            throw new IOException($"the limits of {unit} cannot be set: {set.StandardError.Trim()}");
        }

        // The manager replies before it writes. The kernel counts memory in pages.
        var memory = Path.Combine(folder, "memory.max");
        var since = Stopwatch.GetTimestamp();
        for (var delay = s_firstLook; CgroupNumber.ReadOnce(memory) != limits.MemoryBytes / s_page * s_page
            || CgroupNumber.ReadOnce(Path.Combine(folder, "pids.max")) != limits.Pids; delay = delay < s_lastLook ? delay * 2 : delay)
        {
            if (Stopwatch.GetElapsedTime(since) > s_patience || !Directory.Exists(folder))
            {
                throw new IOException($"{unit} did not get its limits");
            }

            await Task.Delay(delay);
        }
    }

    /// <summary>
    /// Ends a scope. Returns when the scope has no process and the manager has forgotten it; true: the scope failed because the
    /// kernel killed one of its processes for memory. Kills the scope when it does not end by itself.
    /// </summary>
    public async Task<bool> EndAsync(string unit)
    {
        for (var delay = s_firstLook; ; delay *= 2)
        {
            var state = await StateAsync(unit);
            if (state.IsFailed)
            {
                await RunAsync("reset-failed", unit);
            }

            if (state.IsOver)
            {
                return state.IsOom;
            }

            if (delay > s_lastLook)
            {
                await RunAsync("kill", "--signal=SIGKILL", unit);
                await RunAsync("stop", unit); // ends a scope that has no process to kill
                delay = s_firstLook;
            }

            await Task.Delay(delay);
        }
    }

    private static async Task<BufferedCommandResult> RunAsync(string program, string[] arguments)
    {
        try
        {
            return await Cli.Wrap(program)
                .WithArguments(arguments)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync();
        }
        catch (Win32Exception missing)
        {
            throw new IOException($"{program} cannot be run ({(missing.InnerException ?? missing).Message})", missing);
        }
    }

    private async Task<ScopeState> StateAsync(string unit)
    {
        var shown = await RunAsync("show", "--property=ActiveState,Result", unit);
        return shown.IsSuccess
            ? ScopeState.Parse(shown.StandardOutput)
            : throw new IOException($"systemctl show {unit}: {shown.StandardError.Trim()}");
    }

    private Task<BufferedCommandResult> RunAsync(params string[] arguments) =>
        RunAsync("systemctl", ofSystem ? arguments : ["--user", .. arguments]);
}
