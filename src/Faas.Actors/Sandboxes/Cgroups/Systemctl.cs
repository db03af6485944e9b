using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>systemctl(1) for the sandboxes' scopes, of the system's manager for root and of the user's own for others.</summary>
internal sealed class Systemctl(bool ofSystem)
{
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_lastLook = TimeSpan.FromMilliseconds(32);
    private static readonly string[] s_busVariables = ["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];

    /// <summary>What a program needs in its environment to find a user's manager.</summary>
    public IReadOnlyDictionary<string, string> Bus { get; } = ofSystem
        ? new Dictionary<string, string>()
        : s_busVariables
            .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(variable => variable.Value is not null)
            .ToDictionary(variable => variable.Name, variable => variable.Value!);

    /// <summary>The names of the sandboxes' scopes that the manager knows. Throws <see cref="IOException"/> when it does not answer.</summary>
    public async Task<IReadOnlyList<string>> ListAsync()
    {
        var answer = await RunAsync("list-units", "--all", "--plain", "--no-legend", "--no-pager", "--type=scope", ScopeName.Pattern);
        return answer.IsSuccess
            ? [.. answer.StandardOutput.Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.Length > 0)]
            : throw new IOException($"systemctl list-units: {answer.StandardError.Trim()}");
    }

    /// <summary>Whether a unit has Delegate=yes; false also when the manager does not answer.</summary>
    public async Task<bool> IsDelegatedAsync(string unit)
    {
        try
        {
            return (await RunAsync("show", "--property=Delegate", unit)).StandardOutput.Trim() == "Delegate=yes";
        }
        catch (IOException)
        {
            return false; // There is no systemctl.
        }
    }

    /// <summary>
    /// Returns once nothing is left of a scope, neither a process nor what the manager knows of it; true: it failed because
    /// the kernel killed a process of it for memory. What does not end by itself is killed.
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
                await RunAsync("stop", unit); // for one with nothing in it that could be killed
                delay = s_firstLook;
            }

            await Task.Delay(delay);
        }
    }

    private static async Task<BufferedCommandResult> RunAsync(bool ofSystem, string[] arguments)
    {
        try
        {
            return await Cli.Wrap("systemctl")
                .WithArguments(ofSystem ? arguments : ["--user", .. arguments])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync();
        }
        catch (Win32Exception missing)
        {
            throw new IOException($"systemctl cannot be run ({(missing.InnerException ?? missing).Message})", missing);
        }
    }

    private async Task<ScopeState> StateAsync(string unit)
    {
        var answer = await RunAsync("show", "--property=ActiveState,Result", unit);
        return answer.IsSuccess ? ScopeState.Parse(answer.StandardOutput) : throw new IOException($"systemctl show {unit}: {answer.StandardError.Trim()}");
    }

    private Task<BufferedCommandResult> RunAsync(params string[] arguments) => RunAsync(ofSystem, arguments);
}
