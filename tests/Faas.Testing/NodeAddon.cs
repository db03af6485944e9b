using System.ComponentModel;
using System.Diagnostics;

namespace Faas.Testing;

/// <summary>
/// Machine code for node, made by the C compiler of the machine. The functions of Node-API are declared by hand: no header is needed.
/// </summary>
public static class NodeAddon
{
    private const string Addon = """
        typedef struct napi_env__ *napi_env;
        typedef struct napi_value__ *napi_value;
        extern int napi_create_string_utf8(napi_env, const char *, unsigned long, napi_value *);
        const char *word(void);
        napi_value napi_register_module_v1(napi_env env, napi_value exports) {
          napi_value value = exports;
          napi_create_string_utf8(env, word(), -1UL, &value);
          return value;
        }
        """;

    private static readonly string[] s_library = ["-o", "libword.so", "-Wl,-soname,libword.so", "word.c"];

    /// <summary>A <c>.node</c> whose value is a text, which has no quotes.</summary>
    public static byte[] Saying(string text) => Compile(text, "addon", ["-o", "addon", "addon.c", "word.c"]);

    /// <summary>
    /// A <c>.node</c> whose value is that of the library <c>libword.so</c>, which it looks for in a folder, seen from its own; and that
    /// library.
    /// </summary>
    public static (byte[] Addon, byte[] Library) Using(string text, string folder) =>
    (
        Compile(text, "addon", s_library, ["-o", "addon", "addon.c", "-L.", "-lword", $"-Wl,-rpath,$ORIGIN/{folder}"]),
        Compile(text, "libword.so", s_library));

    private static byte[] Compile(string text, string file, params string[][] calls)
    {
        var folder = Directory.CreateTempSubdirectory("faas-addon-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "addon.c"), Addon);
            File.WriteAllText(Path.Combine(folder, "word.c"), $"const char *word(void) {{ return \"{text}\"; }}");
            foreach (var call in calls)
            {
                Run(folder, call);
            }

            return File.ReadAllBytes(Path.Combine(folder, file));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Run(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("cc", ["-shared", "-fPIC", .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardError = true,
        };
        try
        {
            using var compiler = Process.Start(start)!;
            var said = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
            {
                throw new InvalidOperationException($"cc ended with {compiler.ExitCode}: {said}");
            }
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException("This test needs a C compiler, cc (on Debian: apt-get install gcc libc6-dev).", missing);
        }
    }
}
