using Faas.Actors.Sandboxes.Launcher;
using static Faas.Actors.Sandboxes.Seccomp.LibSeccomp;

namespace Faas.Actors.Sandboxes.Seccomp;

/// <summary>Compiles rules to a program in the kernel's classic BPF, for this machine's architecture, and writes it to a file.</summary>
internal static class FilterFile
{
    /// <summary>Throws <see cref="SandboxStartException"/> when libseccomp is missing or refuses a rule.</summary>
    /// <param name="path">The file.</param>
    /// <param name="others">The action for a call that no rule names.</param>
    /// <param name="addRules">Adds the rules to the filter that it is given.</param>
    public static void Write(string path, uint others, Action<nint> addRules)
    {
        try
        {
            var filter = Init(others);
            try
            {
                addRules(filter);
                using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
                Check(Export(filter, (int)file.SafeFileHandle.DangerousGetHandle()), "export");
            }
            finally
            {
                Release(filter);
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new SandboxStartException(
                "libseccomp.so.2 is missing; install libseccomp2 (Debian, Ubuntu) or libseccomp (Fedora, Arch).", missing);
        }
    }

    /// <summary>Adds a rule. A call that the architecture does not have needs none.</summary>
    public static void Add(nint filter, uint action, string name, params Comparison[] comparisons)
    {
        var number = Resolve(name);
        if (number >= 0)
        {
            Check(AddRule(filter, action, number, (uint)comparisons.Length, comparisons), name);
        }
    }

    /// <summary>Throws <see cref="SandboxStartException"/> when libseccomp reports an error.</summary>
    public static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw new SandboxStartException($"libseccomp refused the rule for {what}: error {-result}.");
        }
    }
}
