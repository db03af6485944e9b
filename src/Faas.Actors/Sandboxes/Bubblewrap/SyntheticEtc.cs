using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>The few files of /etc without which libc, node and Python lose their way: a user with a name, localhost, no resolver.</summary>
internal static class SyntheticEtc
{
    private static readonly Dictionary<string, string> s_files = new()
    {
        ["passwd"] = "root:x:0:0:root:/root:/usr/sbin/nologin\nscript:x:1000:1000:script:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
        ["group"] = "root:x:0:\nscript:x:1000:\nnogroup:x:65534:\n",
        ["hosts"] = "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 sandbox\n",
        ["nsswitch.conf"] = "passwd: files\ngroup: files\nhosts: files\n",
        ["resolv.conf"] = "",
        ["hostname"] = "sandbox\n",
    };

    /// <summary>Where commands such as awk point on Debian, and some distributions' python3.</summary>
    private const string Alternatives = "/etc/alternatives";

    /// <summary>Files of the host that say nothing about it: the linker's cache and the time zone.</summary>
    private static readonly string[] s_host = ["ld.so.cache", "localtime"];

    public static void Write(string folder)
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

        var alternatives = new DirectoryInfo(Alternatives);
        var copies = Readable.MakeFolder(Path.Combine(folder, alternatives.Name));
        foreach (var link in alternatives.Exists ? alternatives.EnumerateFileSystemInfos() : [])
        {
            if (link.LinkTarget is { } target && target.StartsWith("/usr/bin/", StringComparison.Ordinal))
            {
                File.CreateSymbolicLink(Path.Combine(copies, link.Name), target);
            }
        }
    }
}
