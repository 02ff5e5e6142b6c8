# What `cmake --install` puts where: the program, libmxsweep with its headers and pkg-config file,
# the JSON Schemas.
install(TARGETS mxsweep mxsweep_static mxsweep_shared
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/mxsweep DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN *.h)

# ${pcfiledir} makes the file right wherever the tree is moved to.
cmake_path(SET pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
           BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/${pkgconfig_dir} OUTPUT_VARIABLE PREFIX_FROM_PC)
configure_file(${CMAKE_CURRENT_LIST_DIR}/mxsweep.pc.in ${CMAKE_BINARY_DIR}/mxsweep.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/mxsweep.pc DESTINATION ${pkgconfig_dir})

file(GLOB schemas CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/scanner/schema/*.json)
install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/mxsweep)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
