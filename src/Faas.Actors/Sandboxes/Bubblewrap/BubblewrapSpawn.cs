using System.ComponentModel;
using System.Diagnostics;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// Starts a launch line under its resource limits.
///
/// Theory of operation: the shell at the head of the launch line waits for one line of input. In the meantime the server limits
/// the shell by prlimit(2); every later program of the launch line inherits the limits. If the server dies first, the shell
/// reads the end of its input and exits.
/// </summary>
public static class BubblewrapSpawn
{
    private const byte Go = (byte)'\n';

    /// <summary>
    /// Starts the line. Throws <see cref="Win32Exception"/> when the first program cannot be run or limited. A line that ends at
    /// once is no error here: its exit status and stderr tell why.
    /// </summary>
    /// <param name="command">The line of <see cref="BubblewrapCommand.Build"/>.</param>
    /// <param name="limits">The limits of <see cref="BubblewrapCommand.Limits"/>.</param>
    /// <param name="environment">The variables that the line's prefix needs beside those of the sandbox.</param>
    public static Process Start(
        IReadOnlyList<string> command, IReadOnlyList<ResourceLimit> limits, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (name, value) in SandboxEnvironment.Variables.Concat(environment))
        {
            start.Environment[name] = value;
        }

        Posix.KeepDescriptorsFromChildren(); // before each start, because native libraries open descriptors at any time
        var process = Process.Start(start)!;
        try
        {
            LimitAndRelease(process, limits);
            return process;
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    private static void LimitAndRelease(Process process, IReadOnlyList<ResourceLimit> limits)
    {
        if (!limits.All(limit => Posix.TryLimit(process.Id, limit)))
        {
            return;
        }

        try
        {
            process.StandardInput.BaseStream.WriteByte(Go);
            process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // The shell has ended. Its exit status and stderr tell why.
        }
    }
}
