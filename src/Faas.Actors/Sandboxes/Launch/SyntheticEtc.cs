namespace Faas.Actors.Sandboxes.Launch;

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

    /// <summary>Files of the host that say nothing about it: the linker's cache, the time zone, and where alternatives point.</summary>
    private static readonly string[] s_host = ["ld.so.cache", "localtime"];

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in s_files)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        foreach (var name in s_host.Where(name => File.Exists(Path.Combine("/etc", name))))
        {
            File.Copy(Path.Combine("/etc", name), Path.Combine(folder, name));
        }
    }
}
