using System.ComponentModel;
using System.Diagnostics;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The driver for machines whose cgroups systemd governs without handing any over: one transient scope for each sandbox.
///
/// Theory of operation: systemd-run asks the manager for a scope, enters it, and then replaces itself by the sandbox's launch
/// line. One manager makes all scopes of a server in one slice. So a first scope, with a probe in it, tells where the
/// directories of all later ones will be. There the server reads the kernel's counters, and the kernel itself enforces the
/// limits. When the last process of a scope ends, systemd removes the directory at once, and the counters with it. What the
/// manager then reports of the scope decides whether there was an out-of-memory kill; for the other counters the last reading
/// counts, which the server takes before it kills. The manager keeps a failed scope until it is told to forget it.
/// </summary>
public sealed class SystemdScopes : ICgroups
{
    private const string Probe = "0"; // the name of a sandbox is a number from 1 on
    private static readonly string[] s_limits = ["memory.max", "cpu.max", "pids.max"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly SandboxLimits _limits;
    private readonly Systemctl _systemctl;
    private readonly bool _isRoot;
    private string _slice = "";

    private SystemdScopes(SandboxLimits limits, bool isRoot) => (_limits, _isRoot, _systemctl) = (limits, isRoot, new Systemctl(isRoot));

    /// <inheritdoc/>
    public string Name => _isRoot ? "systemd scopes" : "systemd scopes of the user";

    /// <summary>Ends the scopes that dead servers have left, and makes a first scope to see whether it has the limits.</summary>
    internal static async Task<Attempt<ICgroups>> OpenAsync(SandboxLimits limits, string? mount, OwnCgroup own)
    {
        if (!own.HasSystemd)
        {
            return Attempt<ICgroups>.Failure("systemd does not govern this machine");
        }

        if (mount is null)
        {
            return Attempt<ICgroups>.Failure("the unified hierarchy of cgroups is not mounted");
        }

        var scopes = new SystemdScopes(limits, own.IsRoot);
        try
        {
            var why = await scopes.PrepareAsync(mount).WaitAsync(s_patience);
            return why.Length == 0 ? Attempt<ICgroups>.Success(scopes) : Attempt<ICgroups>.Failure(why);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or Win32Exception or TimeoutException)
        {
            return Attempt<ICgroups>.Failure(refused.Message);
        }
    }

    /// <inheritdoc/>
    public ISandboxCgroup Create(string sandbox, SandboxLimits? limits = null)
    {
        var unit = ScopeName.Of(sandbox);
        limits ??= _limits;
        var command = SystemdRunCommand.Build(unit, limits, _isRoot, SandboxEnvironment.Variables);
        return new SystemdScope(unit, Path.Combine(_slice, unit), limits, new LaunchPrefix(command, _systemctl.Bus), _systemctl);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // When a launch was killed while it asked the manager, its scope may have been made after the launcher looked for it.
            await EndAsync(server => server == ServerIdentity.Own);
        }
        catch (IOException)
        {
            // The manager is ending too, and forgets the scopes.
        }
    }

    private async Task EndAsync(Func<string, bool> ofServer)
    {
        var units = await _systemctl.ListAsync();
        await Task.WhenAll(units.Where(unit => ScopeName.ServerIn(unit) is { } server && ofServer(server)).Select(_systemctl.EndAsync));
    }

    // Returns why scopes cannot be used; empty when they can.
    private async Task<string> PrepareAsync(string mount)
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

    // The probe stays alive until its input ends, so that its directory can be looked at.
    private static Process Start(LaunchPrefix prefix)
    {
        const string script = "grep ^0:: /proc/self/cgroup; read line";
        var start = new ProcessStartInfo(prefix.Command[0], [.. prefix.Command.Skip(1), "/bin/sh", "-c", script])
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
