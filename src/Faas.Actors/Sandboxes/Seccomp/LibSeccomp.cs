using System.Runtime.InteropServices;

namespace Faas.Actors.Sandboxes.Seccomp;

/// <summary>
/// The functions of libseccomp 2.5 that build a filter. Source: seccomp_init(3), seccomp_attr_set(3), seccomp_rule_add(3),
/// seccomp_export_bpf(3).
/// </summary>
internal static partial class LibSeccomp
{
    /// <summary>SCMP_ACT_ALLOW.</summary>
    public const uint Allow = 0x7fff0000;

    /// <summary>SCMP_CMP_NE.</summary>
    public const int NotEqual = 1;

    /// <summary>SCMP_CMP_EQ.</summary>
    public const int Equal = 4;

    /// <summary>SCMP_CMP_GT.</summary>
    public const int Greater = 6;

    /// <summary>SCMP_CMP_MASKED_EQ.</summary>
    public const int MaskedEqual = 7;

    /// <summary>SCMP_FLTATR_CTL_OPTIMIZE.</summary>
    public const uint Optimize = 8;

    /// <summary>The value of <see cref="Optimize"/> that makes the filter look a call up by binary search.</summary>
    public const uint BinaryTree = 2;

    private const string Library = "libseccomp.so.2";

    /// <summary>SCMP_ACT_ERRNO.</summary>
    public static uint Errno(int errno) => 0x00050000u | (uint)errno;

    [LibraryImport(Library, EntryPoint = "seccomp_init")]
    public static partial nint Init(uint defaultAction);

    [LibraryImport(Library, EntryPoint = "seccomp_attr_set")]
    public static partial int SetAttribute(nint filter, uint attribute, uint value);

    [LibraryImport(Library, EntryPoint = "seccomp_release")]
    public static partial void Release(nint filter);

    /// <summary>The number of a system call on this architecture; negative when libseccomp or the architecture does not have it.</summary>
    [LibraryImport(Library, EntryPoint = "seccomp_syscall_resolve_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Resolve(string name);

    [LibraryImport(Library, EntryPoint = "seccomp_rule_add_array")]
    public static partial int AddRule(nint filter, uint action, int syscall, uint count, [In] Comparison[] comparisons);

    [LibraryImport(Library, EntryPoint = "seccomp_export_bpf")]
    public static partial int Export(nint filter, int descriptor);

    /// <summary>struct scmp_arg_cmp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Comparison
    {
        /// <summary>The number of the argument, from 0.</summary>
        public uint Argument;

        /// <summary>The comparison, such as <see cref="Equal"/>.</summary>
        public int Operator;

        /// <summary>The value; for <see cref="MaskedEqual"/> the mask.</summary>
        public ulong First;

        /// <summary>For <see cref="MaskedEqual"/> the value under the mask.</summary>
        public ulong Second;
    }
}
