using System.ComponentModel;
using System.Diagnostics;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// A transient scope of systemd for each sandbox: where systemd governs the cgroups and has handed none over.
///
/// Theory of operation: systemd-run asks the manager for a scope with itself in it, and becomes the sandbox's launch
/// line. All scopes of a server are made by one manager in one slice, so the first, which a probe is put into, tells
/// where their directories will be: there the kernel's counters are read, and it is the kernel that kills. When the last
/// process has ended systemd removes the directory at once, with the counters in it. What it then says of the scope
/// settles whether there was an out-of-memory kill; of the others the last reading counts, which is taken before the
/// server kills. A scope that failed stays known to systemd until it is told to forget it.
/// </summary>
public sealed class SystemdScopes : ICgroups
{
    private const string Probe = "0"; // sandboxes are counted from 1
    private static readonly string[] s_limits = ["memory.max", "cpu.max", "pids.max"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly SandboxLimits _limits;
    private readonly Systemctl _systemctl;
    private readonly bool _isRoot;
    private string _slice = "";

    private SystemdScopes(SandboxLimits limits, bool isRoot) => (_limits, _isRoot, _systemctl) = (limits, isRoot, new Systemctl(isRoot));

    /// <inheritdoc/>
    public string Name => _isRoot ? "systemd scopes" : "systemd scopes of the user";

    /// <summary>Removes what dead servers left, and tries whether a scope can be made and has the limits; null with the reason when not.</summary>
    internal static SystemdScopes? TryOpen(SandboxLimits limits, string? mount, OwnCgroup own, out string why)
    {
        why = !own.HasSystemd ? "systemd does not govern this machine" : mount is null ? "the unified hierarchy of cgroups is not mounted" : "";
        if (why.Length > 0)
        {
            return null;
        }

        var scopes = new SystemdScopes(limits, own.IsRoot);
        try
        {
            why = scopes.OpenAsync(mount!).WaitAsync(s_patience).GetAwaiter().GetResult();
            return why.Length == 0 ? scopes : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or Win32Exception or TimeoutException)
        {
            why = refused.Message;
            return null;
        }
    }

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox)
    {
        var unit = ScopeName.Of(sandbox);
        var command = SystemdRunCommand.Build(unit, _limits, _isRoot, SandboxEnvironment.Variables);
        return new SystemdScope(unit, Path.Combine(_slice, unit), new LaunchPrefix(command, _systemctl.Bus), _systemctl);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            // One whose process was killed while systemd was being asked may have come into being after it was looked for.
            EndAsync(server => server == ServerIdentity.Own).GetAwaiter().GetResult();
        }
        catch (IOException)
        {
            // The manager ends too, and what it knew of them with it.
        }
    }

    private async Task EndAsync(Func<string, bool> ofServer)
    {
        var units = await _systemctl.ListAsync();
        await Task.WhenAll(units.Where(unit => ScopeName.ServerIn(unit) is { } server && ofServer(server)).Select(_systemctl.EndAsync));
    }

    private async Task<string> OpenAsync(string mount)
    {
        await EndAsync(server => !ServerIdentity.IsAlive(server));
        var probe = Create(Probe);
        using var inside = Start(probe.Prefix);
        try
        {
            if (OwnCgroup.PathIn([await inside.StandardOutput.ReadLineAsync() ?? ""]) is not { } path)
            {
                return (await inside.StandardError.ReadToEndAsync()).Trim().ReplaceLineEndings(" ");
            }

            _slice = mount + Path.GetDirectoryName(path);
            var missing = s_limits.Where(file => !File.Exists(mount + path + "/" + file)).ToList();
            return missing.Count == 0 ? "" : $"no {string.Join(", ", missing)} in {mount}{path}";
        }
        finally
        {
            inside.StandardInput.Close();
            await inside.WaitForExitAsync();
            await probe.RemoveAsync();
        }
    }

    // It stays until its input ends, so that its directory can be looked at.
    private static Process Start(LaunchPrefix prefix)
    {
        var start = new ProcessStartInfo(prefix.Command[0], [.. prefix.Command.Skip(1), "/bin/sh", "-c", "grep ^0:: /proc/self/cgroup; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in SandboxEnvironment.Variables.Concat(prefix.Environment))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
