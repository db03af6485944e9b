using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The few files of /etc that libc, node and Python need: a user with a name, localhost, no resolver, and the authorities that sign the
/// certificates of web servers. They tell a script nothing about the host, but which authorities of its own its operator has added.
/// </summary>
internal static class SyntheticEtc
{
    private static readonly Dictionary<string, string> s_files = new()
    {
        ["passwd"] = "root:x:0:0:root:/root:/usr/sbin/nologin\nscript:x:1000:1000:script:/tmp:/bin/sh\n"
            + "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
        ["group"] = "root:x:0:\nscript:x:1000:\nnogroup:x:65534:\n",
        ["hosts"] = "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 sandbox\n",
        ["nsswitch.conf"] = "passwd: files\ngroup: files\nhosts: files\n",
        ["resolv.conf"] = "",
        ["hostname"] = "sandbox\n",
        ["matplotlibrc"] = "backend: Agg\n", // without this file, Debian's matplotlib cannot be imported
    };

    // On Debian, commands such as awk are links into this folder, and so are some libraries, such as that for linear algebra which numpy
    // needs; on some distributions python3 is one too.
    private const string Alternatives = "/etc/alternatives";

    // The host's own files that do not identify the host: the linker's cache and the time zone.
    private static readonly string[] s_host = ["ld.so.cache", "localtime"];

    /// <summary>Makes the folder and writes the files into it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="authority">The certificate of the proxy's authority, in PEM; null: it has none.</param>
    public static void Write(string folder, string? authority)
    {
        Readable.MakeFolder(folder);
        foreach (var (name, text) in s_files)
        {
            Readable.WriteFile(Path.Combine(folder, name), text);
        }

        foreach (var name in s_host.Where(name => File.Exists(Path.Combine("/etc", name))))
        {
            Readable.CopyFile(Path.Combine("/etc", name), Path.Combine(folder, name));
        }

        WriteTrust(folder, authority);
        var alternatives = new DirectoryInfo(Alternatives);
        var copies = Readable.MakeFolder(Path.Combine(folder, alternatives.Name));
        foreach (var link in alternatives.Exists ? alternatives.EnumerateFileSystemInfos() : [])
        {
            if (link.LinkTarget is { } target && IsProgramOrLibrary(link.Name, target))
            {
                File.CreateSymbolicLink(Path.Combine(copies, link.Name), target);
            }
        }
    }

    // The authorities that the host's programs trust, as one file, and that of the proxy. Throws SandboxStartException.
    private static void WriteTrust(string folder, string? authority)
    {
        var bundle = TrustFiles.BundleOfHost() is { } host ? TrustFiles.CertificatesIn(host) : "";
        Readable.MakeFolder(Path.Combine(folder, "ssl"));
        Readable.MakeFolder(Path.Combine(folder, "ssl", "certs"));
        if (bundle.Length > 0 || authority is not null)
        {
            Readable.WriteFile(Path.Combine(folder, TrustFiles.Bundle), $"{bundle}\n{authority}");
        }

        if (authority is not null)
        {
            Readable.WriteFile(Path.Combine(folder, TrustFiles.Authority), authority);
        }
    }

    private static bool IsProgramOrLibrary(string name, string target) =>
        target.StartsWith("/usr/bin/", StringComparison.Ordinal)
        || (target.StartsWith("/usr/lib/", StringComparison.Ordinal) && name.Contains(".so", StringComparison.Ordinal));
}
